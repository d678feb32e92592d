// By how much more the machine earned under one arm than under the prior: the weighted mean of
// paired differences with its 95% interval, for each reward term and for all together. Reward is
// per CPU and time, weights applied. One thread; no allocation.
#pragma once

#include <array>
#include <cstddef>

#include "agent/reward/reward_config.h"

namespace quanta {

// The sum of all terms, where terms are counted.
inline constexpr size_t kTotal = kTerms;
using TermsAndTotal = std::array<double, kTerms + 1>;
TermsAndTotal with_total(const Terms& rates);

struct Uplift {
  double mean = 0;
  double standard_error = 0;
  double rounds = 0;  // effective number of differences

  // Half the width of the 95% interval (Student's t); infinite for fewer than two differences.
  double half() const;
  double lower() const { return mean - half(); }
  double upper() const { return mean + half(); }
};

class UpliftSums {
 public:
  // What was added before counts `keep` times as much as so far.
  void add(const TermsAndTotal& difference, double keep);
  Uplift of(size_t term = kTotal) const;

 private:
  double weight_ = 0;
  double weight2_ = 0;
  TermsAndTotal mean_{};
  TermsAndTotal m2_{};
};

}  // namespace quanta
