#include "agent/eval/statistics.h"

#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>
#include <numeric>

namespace quanta {

Interval confidence(std::span<const double> values) {
  constexpr double kUpperTail = 0.975;
  if (values.empty()) return {0, std::numeric_limits<double>::infinity()};
  const auto n = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  if (values.size() < 2) return {mean, std::numeric_limits<double>::infinity()};
  double squares = 0;
  for (const double v : values) squares += (v - mean) * (v - mean);
  const double error = std::sqrt(squares / (n - 1) / n);
  const boost::math::students_t t(n - 1);
  return {mean, boost::math::quantile(t, kUpperTail) * error};
}

std::vector<double> differences(std::span<const double> a, std::span<const double> b) {
  std::vector<double> out(std::min(a.size(), b.size()));
  for (size_t i = 0; i < out.size(); ++i) out[i] = a[i] - b[i];
  return out;
}

Verdict verdict(const Interval& difference) {
  if (difference.mean > difference.half) return Verdict::kBetter;
  if (-difference.mean > difference.half) return Verdict::kWorse;
  return Verdict::kSame;
}

std::string_view mark(Verdict verdict) {
  switch (verdict) {
    case Verdict::kBetter:
      return "+";
    case Verdict::kWorse:
      return "-";
    case Verdict::kSame:
      break;
  }
  return "=";
}

}  // namespace quanta
