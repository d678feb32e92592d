// Tasks that wake up on a timer, compute a little and sleep (audio, input, control loops). A
// release that comes while the last one is not done is missed.
#include "env/workload/clock.h"
#include "env/workload/draw.h"
#include "env/workload/kind.h"

namespace quanta::workload {
namespace {

constexpr Param kPeriodicParams[] = {
    {"count", Param::kNumber, 8, 1, 1024, "tasks"},
    {"period", Param::kDuration, 9500 * kMicrosecond, 100 * kMicrosecond, 10 * kSecond,
     "mean; drawn once per task, 0.3 to 1.7 of it"},
    {"burst", Param::kDuration, 450 * kMicrosecond, kMicrosecond, kSecond,
     "mean CPU time of a release, 0.3 to 1.7 of it"},
};

int periodic(const Params& params, Place place) {
  Task task(place, "periodic");
  const Nanos period = around(task.rng(), params.duration("period"));
  const Nanos phase = scaled(period, task.rng().uniform());
  Slot& slot = task.slot();
  Nanos release = task.arrive() + phase;
  for (;;) {
    const Nanos burst = around(task.rng(), params.duration("burst"));
    const bool measured = task.measured(release);
    if (measured) slot.demanded += burst;
    if (now() > release) {  // overrun
      if (measured) ++slot.missed;
      release += period;
      continue;
    }
    slot.wakeup.start(release);
    slot.response.start(release);
    slot.wakeup.stop(sleep_until(release), task.window());
    task.burn(burst);
    slot.response.stop(now(), task.window());
    if (measured) ++slot.done;
    release += period;
  }
}

}  // namespace

const Kind kPeriodic = {
    .name = "periodic",
    .summary = "processes that wake up on a timer, compute a little and sleep",
    .params = kPeriodicParams,
    .tasks = [](const Params& params) { return params.count("count"); },
    .run =
        [](const Group& group) {
          return run_processes(group.size(),
                               [&](size_t i) { return periodic(group.params(), group.place(i)); });
        },
    .wakeup = "wakeup_latency_seconds",
    .response = "response_seconds",
    .rate = "releases_per_second",
    .missed = "missed_releases",
    .fixed = never_fixed,
};

}  // namespace quanta::workload
