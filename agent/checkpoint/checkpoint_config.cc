#include "agent/checkpoint/checkpoint_config.h"

#include "agent/config/section.h"

namespace quanta {

void read(Section& section, CheckpointConfig& config) {
  section.text("directory", config.directory);
  section.duration("interval", config.interval, kSecond, Nanos{24} * 3600 * kSecond);
  section.integer("keep", config.keep, 1, 1000);
}

}  // namespace quanta
