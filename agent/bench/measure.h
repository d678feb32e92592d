// What one load experienced, and what of the agent's metrics is kept beside it.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "agent/bench/load.h"
#include "agent/metrics/scrape.h"

namespace quanta {

struct Measuring {
  std::string workload_program;
  std::string folder;  // for files of the runs
  double seconds = 3;
  double warmup = 0.5;
};

// Runs the load and returns its metrics; an error is the program's last line, or "interrupted".
Result<LoadMetrics> measure(const BenchLoad& load, uint64_t seed, const Measuring& how,
                            const std::atomic<bool>& interrupted);

// Goals and latencies of the JSON that `workload` prints.
Result<LoadMetrics> parse_workload_output(const std::string& json);

// The seconds in "Time: 0.365".
Result<double> parse_hackbench_output(const std::string& text);

// Of the agent's metrics: the counters of the kernel half and the page faults of the hot thread.
LoadMetrics live_counters(const Samples& samples);

}  // namespace quanta
