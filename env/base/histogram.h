// Log-linear histogram of durations: 16 buckets per octave, relative error below 3.2%.
// Trivially copyable; one writer, no locks.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "env/base/types.h"

namespace quanta {

class Histogram {
 public:
  void add(Nanos value) {
    ++counts_[bucket(value)];
    ++count_;
    sum_ += value;
    if (value > max_) max_ = value;
  }

  void merge(const Histogram& other) {
    for (size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
    count_ += other.count_;
    sum_ += other.sum_;
    if (other.max_ > max_) max_ = other.max_;
  }

  uint64_t count() const { return count_; }
  Nanos sum() const { return sum_; }
  Nanos max() const { return max_; }
  double mean() const {
    return count_ ? static_cast<double>(sum_) / static_cast<double>(count_) : 0;
  }

  // The q-quantile, q in [0, 1], as the middle of its bucket; 0 if empty.
  double quantile(double q) const {
    if (count_ == 0) return 0;
    const double rank = q * static_cast<double>(count_ - 1);
    uint64_t seen = 0;
    for (size_t i = 0; i < counts_.size(); ++i) {
      seen += counts_[i];
      if (static_cast<double>(seen) > rank) {
        const double middle = 0.5 * static_cast<double>(lower(i) + lower(i + 1));
        return middle < static_cast<double>(max_) ? middle : static_cast<double>(max_);
      }
    }
    return static_cast<double>(max_);
  }

 private:
  static constexpr int kSubBits = 4;
  static constexpr size_t kBuckets = (44 - kSubBits + 1) << kSubBits;  // up to 2^44 ns, 4.9 hours

  static size_t bucket(Nanos v) {
    if (v < (1U << kSubBits)) return v;
    const int e = std::bit_width(v) - 1;
    const size_t i = (static_cast<size_t>(e - kSubBits + 1) << kSubBits) +
                     ((v >> (e - kSubBits)) & ((1U << kSubBits) - 1));
    return i < kBuckets ? i : kBuckets - 1;
  }
  static Nanos lower(size_t i) {
    if (i < (1U << kSubBits)) return i;
    const size_t e = (i >> kSubBits) + kSubBits - 1;
    return (Nanos{1} << e) + (static_cast<Nanos>(i & ((1U << kSubBits) - 1)) << (e - kSubBits));
  }

  std::array<uint32_t, kBuckets> counts_{};
  uint64_t count_ = 0;
  Nanos sum_ = 0;
  Nanos max_ = 0;
};

}  // namespace quanta
