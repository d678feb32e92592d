// Whether what acts is still as far ahead of the prior as it was: the cumulative sum (Page 1954) of
// how far comparisons fall short of their mean. One thread; no allocation.
//
// In standard deviations, as the comparisons before it have both; kSlack (and the mean's standard
// error) less is no shortfall, and one odd comparison counts kMost. A lasting loss of two
// deviations is found within about five comparisons at a threshold of 6; without any, that is
// exceeded once in many thousands.
#pragma once

#include "agent/guard/uplift.h"

namespace quanta {

class Lead {
 public:
  static constexpr double kSlack = 0.5;
  static constexpr double kMost = 3;
  static constexpr double kLeast = 8;  // comparisons before the first that is judged

  // The arm that acts was ahead of the prior by `difference`; `before`: by how much so far. May be
  // another arm each time: often several are alike.
  void add(double difference, const Uplift& before);
  bool is_lost(double threshold) const { return threshold > 0 && shortfall_ > threshold; }

 private:
  double shortfall_ = 0;
};

}  // namespace quanta
