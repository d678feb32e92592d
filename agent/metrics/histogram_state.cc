#include "agent/metrics/histogram_state.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace quanta {

uint64_t HistogramState::count() const {
  return std::accumulate(counts.begin(), counts.end(), uint64_t{0});
}

double HistogramState::mean() const {
  const uint64_t n = count();
  return n == 0 ? 0 : static_cast<double>(sum) / static_cast<double>(n);
}

double HistogramState::quantile(double q) const {
  const uint64_t n = count();
  if (n == 0) return 0;
  const double rank = std::clamp(q, 0.0, 1.0) * static_cast<double>(n);
  double below = 0;
  size_t last = 0;
  for (size_t i = 0; i < kBuckets; ++i) {
    if (counts[i] == 0) continue;
    last = i;
    const auto here = static_cast<double>(counts[i]);
    if (below + here >= rank) {
      const double lower = i == 0 ? 0 : static_cast<double>(upper_bound(i - 1));
      return std::lerp(lower, static_cast<double>(upper_bound(i)), (rank - below) / here);
    }
    below += here;
  }
  return static_cast<double>(upper_bound(last));
}

uint64_t HistogramState::count_up_to(Nanos bound) const {
  uint64_t total = 0;
  for (size_t i = 0; i < kBuckets && upper_bound(i) <= bound; ++i) total += counts[i];
  return total;
}

void HistogramState::merge(const HistogramState& other) {
  for (size_t i = 0; i < kBuckets; ++i) counts[i] += other.counts[i];
  sum += other.sum;
}

}  // namespace quanta
