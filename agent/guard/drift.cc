#include "agent/guard/drift.h"

#include <algorithm>
#include <cmath>

namespace quanta {

void Drift::settle(double reward) {
  count_ = std::min(count_ + 1, kMemory);
  const double rate = 1 / count_;
  const double delta = reward - mean_;
  mean_ += rate * delta;
  variance_ = (1 - rate) * (variance_ + rate * delta * delta);
}

bool Drift::add(double reward, double sigma, bool checked) {
  double& oldest = lately_[seen_ % kLately];
  if (seen_ >= kLately && !checked) settle(oldest);
  oldest = reward;
  ++seen_;
  if (sigma <= 0 || count_ < kLeast) return false;
  std::array<double, kLately> sorted = lately_;
  std::sort(sorted.begin(), sorted.end());
  const double now = sorted[kLately / 2];
  const double spread = std::max({std::sqrt(variance_), 0.02 * std::abs(mean_), 1e-6});
  // Variance of a median: pi / 2 of the mean's (asymptotically, of normal samples).
  const double error = spread * std::sqrt(M_PI / 2 / double{kLately} + 1 / count_);
  return std::abs(now - mean_) > sigma * error;
}

}  // namespace quanta
