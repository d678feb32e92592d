#include "agent/ope/outcome_model.h"

#include <cmath>
#include <numeric>

#include "agent/ope/ridge.h"

namespace quanta {

OutcomeModel::OutcomeModel(std::span<const LoggedDecision> decisions,
                           std::span<const Outcomes> outcomes, size_t folds,
                           const std::function<size_t(size_t)>& fold_of) {
  const auto n = static_cast<double>(decisions.size());
  for (size_t f = 0; f < kInputs; ++f) {
    for (const LoggedDecision& d : decisions) mean_[f] += double{d.x[f]} / n;
    double squares = 0;
    for (const LoggedDecision& d : decisions) squares += std::pow(double{d.x[f]} - mean_[f], 2);
    inverse_sd_[f] = squares > 0 ? 1 / std::sqrt(squares / n) : 0;
  }
  std::vector<Ridge> parts(folds, Ridge(kColumns, kOutcomes));
  for (size_t i = 0; i < decisions.size(); ++i) {
    parts[fold_of(i)].add(row_of(decisions[i].x, decisions[i].taken, 0), outcomes[i]);
  }
  for (size_t fold = 0; fold < folds; ++fold) {
    Ridge others(kColumns, kOutcomes);
    for (size_t part = 0; part < folds; ++part) {
      if (part != fold) others.add(parts[part]);
    }
    coefficients_.push_back(others.solve());
  }
}

OutcomeModel::Row OutcomeModel::row_of(const Features& x, const ActionMean& mean,
                                       double variance) const {
  Row row;
  auto out = row.begin();
  *out++ = 1;
  std::array<double, kInputs> z;
  for (size_t f = 0; f < kInputs; ++f) *out++ = z[f] = (double{x[f]} - mean_[f]) * inverse_sd_[f];
  for (const float m : mean) {
    *out++ = m;
    *out++ = double{m} * m + variance;
    for (const double v : z) *out++ = v * m;
  }
  return row;
}

Outcomes OutcomeModel::foretell(const Features& x, const ActionMean& mean, double variance,
                                size_t fold) const {
  const Row row = row_of(x, mean, variance);
  Outcomes foretold;
  for (size_t o = 0; o < kOutcomes; ++o) {
    foretold[o] =
        std::inner_product(row.begin(), row.end(), coefficients_[fold][o].begin(), double{0});
  }
  return foretold;
}

}  // namespace quanta
