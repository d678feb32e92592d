#include "env/workload/kind.h"

#include "env/workload/process.h"

namespace quanta::workload {

std::span<const Kind> kinds() {
  static const Kind kAll[] = {kPeriodic, kHogs,     kIo,    kGame, kServer,
                              kBuild,    kMessages, kFlood, kLocks};
  return kAll;
}

int run_processes(size_t n, const std::function<int(size_t)>& body) {
  for (size_t i = 0; i < n; ++i) {
    if (spawn([&] { return body(i); }) < 0) return kExitBroken;
  }
  return wait_for_any();
}

}  // namespace quanta::workload
