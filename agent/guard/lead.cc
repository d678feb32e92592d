#include "agent/guard/lead.h"

#include <algorithm>
#include <cmath>

namespace quanta {

void Lead::add(double difference, const Uplift& before) {
  const double spread = before.standard_error * std::sqrt(before.rounds);
  if (before.rounds < kLeast || spread <= 0) return;
  const double expected = before.mean - before.standard_error;  // the luckiest of several acts
  const double short_by = std::clamp((expected - difference) / spread, -kMost, kMost);
  shortfall_ = std::max(0.0, shortfall_ + short_by - kSlack);
}

}  // namespace quanta
