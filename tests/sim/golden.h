// Golden signatures: a hash of all events of two virtual seconds, per shipped workload and class.
#pragma once

#include <fmt/format.h>
#include <string>

#include "tests/sim/harness.h"
#include "tests/sim/shipped.h"

namespace quanta {

inline std::string golden_line(const std::string& workload, SimScheduler scheduler) {
  SimEnv env({}, shipped(workload), scheduler, 2 * kSecond);
  return fmt::format("{} {} {:016x}", workload,
                     scheduler == SimScheduler::kExt ? "first_come" : "eevdf", signature(run(env)));
}

inline std::string golden_lines() {
  std::string lines;
  for (const std::string& workload : shipped_workloads()) {
    for (const SimScheduler scheduler : {SimScheduler::kExt, SimScheduler::kEevdf}) {
      lines += golden_line(workload, scheduler) + "\n";
    }
  }
  return lines;
}

}  // namespace quanta
