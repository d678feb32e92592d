// From a session that is ready to the end of the run.
#pragma once

#include <atomic>
#include <string>

#include "agent/config/config.h"
#include "agent/decision_log/decision_log.h"
#include "agent/run/resume.h"
#include "agent/run/run.h"

namespace quanta {

// Runs `first` and, for as long as an environment ends with the wish to be opened anew (CPUs came
// or went), another session of `make`, with what was learnt, which has been saved before. As
// run_agent() else; `log` may be null.
Result<int> run_sessions(Session first, const MakeSession& make, const std::string& config_text,
                         const Config& config, const RunOptions& options, DecisionLog* log,
                         const std::atomic<bool>& interrupted);

}  // namespace quanta
