// An off-policy evaluation for people and for programs. Pure functions.
#pragma once

#include <string>

#include "agent/ope/off_policy.h"

namespace quanta {

// What was in a log.
struct LogSummary {
  std::string file;
  uint64_t decisions = 0;
  uint64_t with_burst_head = 0;  // explored ones in which it acted
};

// A table per outcome, in us, and what to keep in mind.
std::string describe(const LogSummary& log, const OffPolicyEvaluation& evaluation, size_t width);

//   {"log", "decisions", "explored", "burst_head_share",
//    "policies": [{"policy", "effective_samples", "truncated",
//      "reward" and "net_reward": {"snips" and "doubly_robust":
//        {"mean_ns", "half_ns", "gain_ns", "gain_half_ns"}}}]}
// half: of a 95% interval; gain: less the logging policy's.
std::string to_json(const LogSummary& log, const OffPolicyEvaluation& evaluation);

}  // namespace quanta
