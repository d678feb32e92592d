#include "agent/eval/axis.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace quanta {
namespace {

// The least of 1, 2, 5 times a power of ten that cuts `range` into at most `ticks` steps.
double round_step(double range, int ticks) {
  const double raw = range / std::max(1, ticks);
  const double power = std::pow(10, std::floor(std::log10(raw)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= raw * 0.999) return factor * power;
  }
  return 10 * power;
}

}  // namespace

Axis::Axis(double low, double high, double from, double to, int ticks) : from_(from), to_(to) {
  if (!std::isfinite(low) || !std::isfinite(high) || high - low < 1e-12) {
    low = 0;
    high = 1;
  }
  const double step = round_step(high - low, ticks);
  const double first = std::floor(low / step + 1e-9);
  const double last = std::ceil(high / step - 1e-9);
  low_ = first * step;
  high_ = last * step;
  decimals_ = std::max(0, -static_cast<int>(std::floor(std::log10(step) + 1e-9)));
  const int steps = static_cast<int>(last - first);
  for (int i = 0; i <= steps; ++i) ticks_.push_back((first + i) * step);
}

double Axis::at(double value) const {
  return from_ + (value - low_) / (high_ - low_) * (to_ - from_);
}

std::string Axis::label(double tick) const {
  return fmt::format("{:.{}f}", tick == 0 ? 0.0 : tick, decimals_);
}

}  // namespace quanta
