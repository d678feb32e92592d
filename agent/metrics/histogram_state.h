// A histogram of durations as plain numbers: copied, merged, asked for quantiles.
//
// Buckets are (lower, upper], four per power of two, so a bucket is at most a quarter of its lower
// bound wide. Values in ns; every uint64_t has a bucket. No thread-safety, no allocation.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "env/base/types.h"

namespace quanta {

struct HistogramState {
  static constexpr size_t kBuckets = 252;

  std::array<uint64_t, kBuckets> counts{};
  uint64_t sum = 0;  // ns

  static constexpr size_t bucket_of(Nanos value) {
    const uint64_t v = value - (value > 0);  // upper bounds are inclusive
    if (v < 4) return v;
    const int exponent = std::bit_width(v) - 1;
    return static_cast<size_t>(exponent - 1) * 4 + ((v >> (exponent - 2)) & 3);
  }
  // Inclusive.
  static constexpr Nanos upper_bound(size_t bucket) {
    const size_t next = bucket + 1;
    if (next < 4) return next;
    if (next == kBuckets) return UINT64_MAX;
    return (4 + next % 4) << (next / 4 - 1);
  }

  uint64_t count() const;
  double mean() const;  // ns; 0 when empty
  // The value below which a fraction q of [0, 1] lies, linear within its bucket; 0 when empty.
  double quantile(double q) const;
  // How many values are at most `bound`; exact if it is a bucket's upper bound, else rounded down.
  uint64_t count_up_to(Nanos bound) const;
  void merge(const HistogramState& other);
};

}  // namespace quanta
