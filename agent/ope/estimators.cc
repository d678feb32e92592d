#include "agent/ope/estimators.h"

#include <algorithm>
#include <numeric>

namespace quanta {
namespace {

double sum_of(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

}  // namespace

size_t batch_of(size_t i, size_t n) {
  return i * kBatches / n;
}

// The ratio of two means: psi_i = (w_i / mean w) (r_i - value), by the delta method.
Estimate snips(std::span<const double> weights, std::span<const double> outcomes) {
  const size_t n = weights.size();
  const double sum = sum_of(weights);
  Estimate e{.value = 0, .influence = std::vector<double>(n)};
  if (!(sum > 0)) return e;
  for (size_t i = 0; i < n; ++i) e.value += weights[i] * outcomes[i] / sum;
  const double scale = static_cast<double>(n) / sum;
  for (size_t i = 0; i < n; ++i) e.influence[i] = scale * weights[i] * (outcomes[i] - e.value);
  return e;
}

// SNIPS of what the model leaves over, and the mean of what it expects: influences add.
Estimate doubly_robust(std::span<const double> weights, std::span<const double> outcomes,
                       std::span<const double> foretold, std::span<const double> expected) {
  const size_t n = weights.size();
  std::vector<double> left(n);
  for (size_t i = 0; i < n; ++i) left[i] = outcomes[i] - foretold[i];
  Estimate e = snips(weights, left);
  const double mean = sum_of(expected) / static_cast<double>(n);
  e.value += mean;
  for (size_t i = 0; i < n; ++i) e.influence[i] += expected[i] - mean;
  return e;
}

double effective_sample_size(std::span<const double> weights) {
  const double sum = sum_of(weights);
  const double squares =
      std::inner_product(weights.begin(), weights.end(), weights.begin(), double{0});
  return squares > 0 ? sum * sum / squares : 0;
}

double truncated_mass(std::span<const double> weights) {
  return std::max(0.0, 1 - sum_of(weights) / static_cast<double>(weights.size()));
}

Interval interval_of(const Estimate& e) {
  const size_t n = e.influence.size();
  std::vector<double> sums(kBatches);
  std::vector<double> counts(kBatches);
  for (size_t i = 0; i < n; ++i) {
    sums[batch_of(i, n)] += e.influence[i];
    counts[batch_of(i, n)] += 1;
  }
  for (size_t b = 0; b < kBatches; ++b) sums[b] /= counts[b];
  return {e.value, confidence(sums).half};
}

Interval interval_of(const Estimate& a, const Estimate& b) {
  Estimate difference{.value = a.value - b.value, .influence = a.influence};
  for (size_t i = 0; i < b.influence.size(); ++i) difference.influence[i] -= b.influence[i];
  return interval_of(difference);
}

}  // namespace quanta
