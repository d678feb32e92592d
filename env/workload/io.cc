// Batch work that reads from disk between long bursts: it sleeps often, but nobody waits for it.
#include "env/workload/clock.h"
#include "env/workload/draw.h"
#include "env/workload/kind.h"

namespace quanta::workload {
namespace {

constexpr Param kIoParams[] = {
    {"count", Param::kNumber, 12, 1, 1024, "tasks"},
    {"burst", Param::kDuration, 17'500 * kMicrosecond, kMicrosecond, 10 * kSecond,
     "mean CPU time between two reads, 0.3 to 1.7 of it"},
    {"read", Param::kDuration, 1100 * kMicrosecond, kMicrosecond, 10 * kSecond,
     "mean time a read takes, 0.3 to 1.7 of it"},
};

int import(const Params& params, Place place) {
  Task task(place, "import");
  Slot& slot = task.slot();
  task.arrive();
  for (;;) {
    const Nanos read = around(task.rng(), params.duration("read"));
    const Nanos burst = around(task.rng(), params.duration("burst"));
    const Nanos ready = now() + read;
    slot.wakeup.start(ready);
    slot.response.start(ready);
    slot.wakeup.stop(sleep_until(ready), task.window());
    if (task.measured(ready)) slot.demanded += burst;
    task.burn(burst);
    const Nanos end = now();
    slot.response.stop(end, task.window());
    if (task.measured(end)) ++slot.done;
  }
}

}  // namespace

const Kind kIo = {
    .name = "io",
    .summary = "batch processes that sleep as on disk reads between long bursts",
    .params = kIoParams,
    .tasks = [](const Params& params) { return params.count("count"); },
    .run =
        [](const Group& group) {
          return run_processes(group.size(),
                               [&](size_t i) { return import(group.params(), group.place(i)); });
        },
    .wakeup = "wakeup_latency_seconds",
    .response = "response_seconds",
    .rate = "bursts_per_second",
    .missed = nullptr,
    .fixed = never_fixed,
};

}  // namespace quanta::workload
