#include "agent/eval/statistics.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

namespace quanta {
namespace {

bool constant(std::span<const double> values) {
  return std::all_of(values.begin(), values.end(), [&](double v) { return v == values.front(); });
}

}  // namespace

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

std::string readable(const Interval& interval, std::string_view unit) {
  if (!std::isfinite(interval.half)) return fmt::format("{:.4g}{}", interval.mean, unit);
  return fmt::format("{:.4g} ±{:.2g}{}", interval.mean, interval.half, unit);
}

Interval paired_difference(std::span<const double> a, std::span<const double> b) {
  std::vector<double> differences(std::min(a.size(), b.size()));
  for (size_t i = 0; i < differences.size(); ++i) differences[i] = a[i] - b[i];
  if (!differences.empty() && constant(a) && constant(b)) differences.resize(1);
  return confidence(differences);
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
