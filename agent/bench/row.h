// One run of `scx_quanta bench` and lists of them as JSON:
//   [{"scheduler", "workload", "seed", "kernel", "cpus", "seconds", "metrics": {NAME: value},
//     "counters": {NAME: value}}]
// LoadMetrics are in base units, the unit as the last word of the name. Counters are the agent's
// own at the end of the run. A run that failed has no metrics but "error": why.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "agent/bench/load.h"
#include "env/base/result.h"

namespace quanta {

struct BenchRow {
  std::string scheduler;
  std::string workload;
  uint64_t seed = 0;
  std::string kernel;
  int cpus = 0;
  double seconds = 0;  // measured, but for loads that end by themselves
  LoadMetrics metrics;
  LoadMetrics counters;
  std::string error;  // empty: it went well
};

std::string to_json(const std::vector<BenchRow>& rows);
Result<std::vector<BenchRow>> parse_bench_rows(const std::string& json);

// The rows of all files, in order; of two of the same scheduler, workload and seed the later one.
// An error if they are not of one kernel and as many CPUs.
Result<std::vector<BenchRow>> merge_bench_rows(const std::vector<std::string>& files);

}  // namespace quanta
