// Means with confidence intervals over seeds, and comparisons paired by seed. Pure functions.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace quanta {

// Mean and half-width of its 95% interval (Student's t). The half-width of fewer than two values is
// infinite: nothing is known about their spread.
struct Interval {
  double mean = 0;
  double half = 0;
};

Interval confidence(std::span<const double> values);

// "0.42 ±0.013s"; without a half-width where it is infinite.
std::string readable(const Interval& interval, std::string_view unit = "");

// Interval of a - b, paired: both were measured with the same seeds, in the same order. Where the
// seed changes neither (a recorded load under a fixed rule), they are one measurement, not many.
Interval paired_difference(std::span<const double> a, std::span<const double> b);

enum class Verdict { kSame, kBetter, kWorse };

// kSame unless the interval of the difference lies apart from zero. More reward is better.
Verdict verdict(const Interval& difference);
std::string_view mark(Verdict verdict);  // "=", "+", "-"

}  // namespace quanta
