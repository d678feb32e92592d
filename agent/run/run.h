// `scx_quanta run`: from options and configuration to a finished run.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>

#include "env/base/result.h"
#include "env/base/types.h"

namespace quanta {

struct RunOptions {
  std::string config;  // empty: the built-in one
  std::string env = "auto";
  bool learns = true;               // false: the prior decides, untrained
  std::string dispatch;             // kernel, user or heuristic, instead of the configuration's
  std::string metrics;              // address, instead of the configuration's
  bool partial = false;             // live: only tasks of the class SCHED_EXT
  int64_t exit_dump_len = 0;        // live: see LiveConfig
  std::string resume;               // directory of checkpoints; empty: starts anew
  bool continues = false;           // resumes from the configuration's if there is something to
  std::string workload;             // instead of the configuration's; empty: that one
  std::optional<uint64_t> seed;     // instead of the configuration's
  std::optional<Nanos> duration;    // of the environment's time
  std::optional<uint64_t> updates;  // of the learner, in this run
  Nanos stats = 0;                  // 0: no lines of figures
  std::string log;                  // of decisions, instead of the configuration's; empty: that
  std::string plot;                 // SVG of the reward's curve; empty: none
};

// Ends when a limit is reached, the environment is finished or `interrupted` is set. Figures and
// the summary go to standard output, the rest to the log. Returns the exit code: 0, or what the
// environment ended with. The error is one or more lines, each with its cause.
Result<int> run_agent(const RunOptions& options, const std::atomic<bool>& interrupted);

}  // namespace quanta
