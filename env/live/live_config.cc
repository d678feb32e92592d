#include "env/live/live_config.h"

#include "agent/config/section.h"

namespace quanta {

void read(Section& section, LiveConfig& config) {
  static constexpr Choice kModes[] = {{"kernel", static_cast<int>(DispatchMode::kKernel)},
                                      {"user", static_cast<int>(DispatchMode::kUser)},
                                      {"heuristic", static_cast<int>(DispatchMode::kHeuristic)}};
  section.choice("dispatch", config.dispatch, kModes);
  section.integer("max_tasks", config.max_tasks, 64, 1 << 20);
  section.duration("default_slice", config.default_slice, 100 * kMicrosecond, 100 * kMillisecond);
  section.duration("min_slice", config.min_slice, 50 * kMicrosecond, 10 * kMillisecond);
  section.duration("wake_interval", config.wake_interval, 0, 10 * kMillisecond);
  section.duration("agent_timeout", config.agent_timeout, kMillisecond, kSecond);
  section.duration("undecided_timeout", config.undecided_timeout, kMillisecond, kSecond);
  section.duration("heartbeat", config.heartbeat, 20 * kMillisecond, 10 * kSecond);
  section.number("record_share", config.record_share, 0, 1);
  section.duration("watchdog", config.watchdog, kSecond, 30 * kSecond);
}

}  // namespace quanta
