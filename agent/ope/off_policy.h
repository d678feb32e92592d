// Off-policy evaluation of a decision log: what other policies' decisions would have earned.
//
// Only explored decisions count: the others have no propensity. A policy is taken to explore as the
// one that was logged did, so that what is compared is the means alone. An estimate is of what one
// decision of the other policy is worth among those of the logging policy (a contextual bandit,
// gamma = 0, as the learner's own). What the other policy would earn if it made all decisions
// differs from it, in sign too: a decision changes what others wait for and the states of later
// ones.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "agent/eval/statistics.h"
#include "agent/ope/outcome_model.h"
#include "agent/ope/target_policy.h"
#include "env/base/result.h"

namespace quanta {

struct OffPolicyValue {
  Interval value;  // mean per decision, ns
  Interval gain;   // less the logging policy's, by the same estimator
};

struct PolicyEstimate {
  std::string name;
  double effective_samples = 0;
  double truncated = 0;  // truncated_mass()
  std::array<OffPolicyValue, kOutcomes> snips{};
  std::array<OffPolicyValue, kOutcomes> doubly_robust{};
};

struct OffPolicyEvaluation {
  uint64_t decisions = 0;                // explored
  std::vector<PolicyEstimate> policies;  // the logging policy first
};

inline constexpr size_t kLeastDecisions =
    500;  // for the outcome model's 71 columns, and 50 batches

// `clip`: greatest weight, at least 1. The error: there are too few explored decisions.
Result<OffPolicyEvaluation> evaluate_off_policy(std::span<const LoggedDecision> explored,
                                                std::span<const TargetPolicy> policies,
                                                double clip);

Outcomes outcomes_of(const LoggedDecision& decision);

}  // namespace quanta
