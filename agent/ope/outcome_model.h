// What a decision earns, foretold from its features and its action: ridge regression on
//   1, x, a, a^2, x * a   (x standardised; 16 features, 3 actions: 71 columns),
// so that its expectation over actions ~ Normal(m, s) is exact: a -> m, a^2 -> m^2 + s^2.
//
// Cross-fitted (Chernozhukov et al. 2018): a decision is foretold by a model of the other folds'
// decisions, so that no model has seen what it is asked about.
#pragma once

#include <array>
#include <functional>
#include <span>
#include <vector>

#include "agent/decision_log/logged_decision.h"

namespace quanta {

// What is foretold of a decision.
enum Outcome : int {
  kReward,     // ns
  kNetReward,  // with what the CPU time of its run was worth at the going price, ns
  kOutcomes
};
using Outcomes = std::array<double, kOutcomes>;
using ActionMean = std::array<float, kActions>;

class OutcomeModel {
 public:
  // fold_of(i) < folds of decision i.
  OutcomeModel(std::span<const LoggedDecision> decisions, std::span<const Outcomes> outcomes,
               size_t folds, const std::function<size_t(size_t)>& fold_of);

  // Of a decision with these features and a known action, by the model of `fold`, or of one whose
  // actions are drawn around `mean`.
  Outcomes of_action(const Features& x, const ActionMean& taken, size_t fold) const {
    return foretell(x, taken, 0, fold);
  }
  Outcomes of_policy(const Features& x, const ActionMean& mean, double sd, size_t fold) const {
    return foretell(x, mean, sd * sd, fold);
  }

 private:
  static constexpr size_t kColumns = 1 + kInputs + 2 * kActions + kInputs * kActions;
  using Row = std::array<double, kColumns>;

  Row row_of(const Features& x, const ActionMean& mean, double variance) const;
  Outcomes foretell(const Features& x, const ActionMean& mean, double variance, size_t fold) const;

  std::array<double, kInputs> mean_{};
  std::array<double, kInputs> inverse_sd_{};
  std::vector<std::vector<std::vector<double>>> coefficients_;  // by fold, outcome
};

}  // namespace quanta
