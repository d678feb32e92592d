#include "agent/shadow/twin_load.h"

#include "env/sim/trace_load.h"

namespace quanta {

Result<Load> twin_load(const WatchedWindow& window, const TaskFilter& filter) {
  Result<Load> load = trace_load(window.trace, "window");
  if (!load) return load;
  load->groups = {{.name = "watched"}, {.name = "others"}};
  for (size_t i = 0; i < load->programs.size(); ++i) {
    const TraceTask& task = window.trace.tasks[i];
    const bool watched = filter.fits(task.names.back().c_str(), task.uid, task.cgroup);
    load->programs[i].group = watched ? kTwinWatched : 1;
  }
  return load;
}

std::array<uint32_t, MachineConfig::kIdleExits> idle_exits(const MeasuredWaits& waits) {
  constexpr uint64_t kFew = 100;
  std::array<uint32_t, MachineConfig::kIdleExits> exits{};
  if (waits.idle.count() < kFew) return exits;
  for (size_t i = 0; i < exits.size(); ++i) {
    const double q = (static_cast<double>(i) + 0.5) / static_cast<double>(exits.size());
    exits[i] = static_cast<uint32_t>(std::min(waits.idle.quantile(q), double{kSecond}));
  }
  return exits;
}

}  // namespace quanta
