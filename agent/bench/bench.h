// Schedulers x loads x seeds on the kernel this runs on, one after the other.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "agent/bench/load.h"
#include "agent/bench/row.h"

namespace quanta {

// The kernel's own scheduler, or ours as `scx_quanta run ARGUMENTS`.
struct BenchScheduler {
  std::string name;    // with several configs "KIND:CONFIG"
  bool tuned = false;  // by EevdfTuning
  int nice = 0;        // of groups that somebody waits for: see with_nice()
  bool learns = false;
  std::vector<std::string> arguments;  // empty: the kernel's own

  bool own() const { return !arguments.empty(); }
};

// Kinds: eevdf, eevdf-1ms, eevdf-tuned, heuristic, prior, learned, prior-user, learned-user; all
// but those that learn if none is named. Ours run once with each config; without one, with the
// built-in one.
Result<std::vector<BenchScheduler>> select_bench_schedulers(
    const std::vector<std::string>& kinds, const std::vector<std::string>& configs);

struct BenchPlan {
  std::vector<BenchScheduler> schedulers;
  std::vector<BenchLoad> loads;
  std::vector<uint64_t> seeds;
  double seconds = 3;
  double warmup = 0.5;
  double learn = 30;  // seconds of the same load before `learned` is measured
  std::string program = "/proc/self/exe";
  std::string workload_program;
};

// Called before each run.
using BenchProgress = std::function<void(size_t done, size_t total, const std::string& run)>;

// What cannot be measured here at all is left out with a line in the log; a run that fails is a row
// that says why. Ends early when `interrupted` is set, with the rows that were measured.
Result<std::vector<BenchRow>> run_bench(const BenchPlan& plan, const BenchProgress& progress,
                                        const std::atomic<bool>& interrupted);

}  // namespace quanta
