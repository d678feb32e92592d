// A policy whose value is estimated from logged decisions: around which mean it would have drawn
// the action of each, with the same deviation as the one that was logged. Of the network, that is
// the three residual heads; the burst head, which is never explored, stays as it was logged.
#pragma once

#include <functional>
#include <string>

#include "agent/decision_log/logged_decision.h"
#include "agent/policy/network.h"

namespace quanta {

struct TargetPolicy {
  std::string name;
  std::function<std::array<float, kActions>(const LoggedDecision&)> mean;
};

TargetPolicy logging_policy();
// The untrained network: all residuals are 0.
TargetPolicy untrained_prior();
TargetPolicy network_policy(std::string name, const Weights& weights);

}  // namespace quanta
