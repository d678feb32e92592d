#include "agent/ope/target_policy.h"

#include <memory>
#include <utility>

#include "agent/policy/learned.h"

namespace quanta {

TargetPolicy logging_policy() {
  return {.name = "logging", .mean = [](const LoggedDecision& d) { return d.mean; }};
}

TargetPolicy untrained_prior() {
  return {.name = "prior",
          .mean = [](const LoggedDecision&) { return std::array<float, kActions>{}; }};
}

TargetPolicy network_policy(std::string name, const Weights& weights) {
  const auto network = std::make_shared<const Weights>(weights);
  return {.name = std::move(name), .mean = [network](const LoggedDecision& d) {
            Outputs y{};
            forward(*network, d.x, y);
            return residual_means(y);
          }};
}

}  // namespace quanta
