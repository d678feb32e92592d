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
    load->programs[i].cache_refill = 0;  // what was measured has it within
  }
  return load;
}

void calibrate(MachineConfig& machine, const MeasuredWaits& waits) {
  constexpr uint64_t kFew = 100;
  const auto take = [](const Histogram& seen, auto& delays) {
    if (seen.count() < kFew) return;
    for (size_t i = 0; i < delays.size(); ++i) {
      const double q = (static_cast<double>(i) + 0.5) / static_cast<double>(delays.size());
      delays[i] = static_cast<uint32_t>(std::min(seen.quantile(q), double{kSecond}));
    }
  };
  take(waits.idle, machine.idle_delay);
  take(waits.pushed, machine.push_delay);
}

}  // namespace quanta
