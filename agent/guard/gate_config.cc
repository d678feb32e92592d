#include "agent/guard/gate_config.h"

#include "agent/config/section.h"

namespace quanta {

void read(Section& section, GateConfig& config) {
  section.duration("window", config.window, kMillisecond, 10 * kSecond);
  section.duration("settle", config.settle, 0, kSecond);
  section.number("explore", config.explore, 0, 1);
  section.number("compare", config.compare, 0, 1);
  section.number("settled", config.settled, 0, 1);
  section.number("warmup", config.warmup, 0, 1e6);
  section.number("memory", config.memory, 2, 1e6);
  section.number("caution", config.caution, 0, 10);
  section.number("prior", config.prior, 0.01, 0.5);
  section.integer("watch", config.watch, 1, 1'000'000);
  section.boolean("rollback", config.rollback);
  section.duration("pause", config.pause, 0, 3600 * kSecond);
  section.number("drift", config.drift, 0, 1000);
  if (config.explore + config.compare > 1) section.complain("compare", "at most 1 - 'explore'");
  if (config.settle >= config.window) section.complain("settle", "less than 'window'");
}

}  // namespace quanta
