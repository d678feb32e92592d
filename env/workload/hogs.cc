// Tasks that only compute.
#include "env/workload/kind.h"

namespace quanta::workload {
namespace {

constexpr Param kHogsParams[] = {
    {"count", Param::kNumber, 8, 1, 1024, "tasks"},
};

int hog(Place place) {
  Task task(place, "hog");
  task.arrive();
  for (;;) task.burn(10 * kMillisecond);
}

}  // namespace

const Kind kHogs = {
    .name = "hogs",
    .summary = "processes that only compute; their work is CPU time",
    .params = kHogsParams,
    .tasks = [](const Params& params) { return params.count("count"); },
    .run =
        [](const Group& group) {
          return run_processes(group.size(), [&](size_t i) { return hog(group.place(i)); });
        },
    .wakeup = nullptr,
    .response = nullptr,
    .rate = nullptr,
    .missed = nullptr,
    .fixed = never_fixed,
};

}  // namespace quanta::workload
