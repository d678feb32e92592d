#include "agent/ope/off_policy.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "agent/ope/estimators.h"

namespace quanta {
namespace {

constexpr size_t kFolds = 5;

struct Estimates {
  std::array<Estimate, kOutcomes> snips;
  std::array<Estimate, kOutcomes> doubly_robust;
};

class Evaluator {
 public:
  Evaluator(std::span<const LoggedDecision> decisions, double clip)
      : decisions_(decisions),
        outcomes_(outcomes_of_all(decisions)),
        clip_(clip),
        model_(decisions, outcomes_, kFolds, [this](size_t i) { return fold_of(i); }) {}

  Estimates estimate(const TargetPolicy& policy, PolicyEstimate& out) const {
    const size_t n = decisions_.size();
    std::vector<double> weights(n);
    std::array<std::vector<double>, kOutcomes> earned, foretold, expected;
    for (size_t o = 0; o < kOutcomes; ++o) earned[o] = foretold[o] = expected[o] = weights;
    for (size_t i = 0; i < n; ++i) {
      const LoggedDecision& d = decisions_[i];
      const ActionMean mean = policy.mean(d);
      const double ratio = std::exp(log_density(d.taken, mean, d.sd) - d.log_propensity);
      weights[i] = std::min(ratio, clip_);
      const Outcomes q = model_.of_action(d.x, d.taken, fold_of(i));
      const Outcomes q_new = model_.of_policy(d.x, mean, d.sd, fold_of(i));
      for (size_t o = 0; o < kOutcomes; ++o) {
        earned[o][i] = outcomes_[i][o];
        foretold[o][i] = q[o];
        expected[o][i] = q_new[o];
      }
    }
    out.name = policy.name;
    out.effective_samples = effective_sample_size(weights);
    out.truncated = truncated_mass(weights);
    Estimates estimates;
    for (size_t o = 0; o < kOutcomes; ++o) {
      estimates.snips[o] = snips(weights, earned[o]);
      estimates.doubly_robust[o] = doubly_robust(weights, earned[o], foretold[o], expected[o]);
    }
    return estimates;
  }

 private:
  static std::vector<Outcomes> outcomes_of_all(std::span<const LoggedDecision> decisions) {
    std::vector<Outcomes> all;
    all.reserve(decisions.size());
    for (const LoggedDecision& d : decisions) all.push_back(outcomes_of(d));
    return all;
  }
  // Whole batches: what is decided shortly after one another is alike.
  size_t fold_of(size_t i) const { return batch_of(i, decisions_.size()) % kFolds; }

  std::span<const LoggedDecision> decisions_;
  std::vector<Outcomes> outcomes_;
  double clip_;
  OutcomeModel model_;
};

}  // namespace

Outcomes outcomes_of(const LoggedDecision& d) {
  return {d.reward, d.reward + d.earned};
}

Result<OffPolicyEvaluation> evaluate_off_policy(std::span<const LoggedDecision> explored,
                                                std::span<const TargetPolicy> policies,
                                                double clip) {
  if (explored.size() < kLeastDecisions) {
    return fail(fmt::format("expected at least {} explored decisions ('sd' > 0), got {}",
                            kLeastDecisions, explored.size()));
  }
  OffPolicyEvaluation all{.decisions = explored.size(), .policies = {}};
  const Evaluator evaluator(explored, clip);
  PolicyEstimate first;
  const Estimates logging = evaluator.estimate(logging_policy(), first);
  const auto add = [&](PolicyEstimate policy, const Estimates& estimates) {
    for (size_t o = 0; o < kOutcomes; ++o) {
      policy.snips[o] = {interval_of(estimates.snips[o]),
                         interval_of(estimates.snips[o], logging.snips[o])};
      policy.doubly_robust[o] = {interval_of(estimates.doubly_robust[o]),
                                 interval_of(estimates.doubly_robust[o], logging.doubly_robust[o])};
    }
    all.policies.push_back(std::move(policy));
  };
  add(std::move(first), logging);
  for (const TargetPolicy& target : policies) {
    PolicyEstimate policy;
    const Estimates estimates = evaluator.estimate(target, policy);
    add(std::move(policy), estimates);
  }
  return all;
}

}  // namespace quanta
