#include "agent/guard/uplift.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace quanta {
namespace {

// 97.5% quantile of Student's t, never below it by more than a thousandth.
double student(double degrees) {
  constexpr double kFew[] = {12.7062, 4.3027, 3.1825, 2.7765, 2.5706,
                             2.4470,  2.3647, 2.3061, 2.2622, 2.2282};
  if (degrees < 1) return std::numeric_limits<double>::infinity();
  if (degrees < 11) return kFew[static_cast<size_t>(degrees) - 1];
  return 1.95997 + (2.3723 + (2.8225 + 2.56 / degrees) / degrees) / degrees;  // Cornish-Fisher
}

}  // namespace

TermsAndTotal with_total(const Terms& rates) {
  TermsAndTotal all{};
  for (size_t i = 0; i < kTerms; ++i) {
    all[i] = rates[i];
    all[kTotal] += rates[i];
  }
  return all;
}

double Uplift::half() const {
  const double t = student(rounds - 1 + 1e-9);
  return std::isinf(t) ? t : t * standard_error;
}

void UpliftSums::add(const TermsAndTotal& difference, double keep) {
  weight_ = keep * weight_ + 1;
  weight2_ = keep * keep * weight2_ + 1;
  for (size_t i = 0; i < difference.size(); ++i) {  // West (1979), weighted
    const double delta = difference[i] - mean_[i];
    mean_[i] += delta / weight_;
    m2_[i] = keep * m2_[i] + delta * (difference[i] - mean_[i]);
  }
}

Uplift UpliftSums::of(size_t term) const {
  Uplift u;
  if (weight2_ <= 0) return u;
  u.rounds = weight_ * weight_ / weight2_;
  u.mean = mean_[term];
  if (u.rounds > 1) {
    const double variance = m2_[term] / weight_ * u.rounds / (u.rounds - 1);
    u.standard_error = std::sqrt(std::max(0.0, variance) / u.rounds);
  }
  return u;
}

}  // namespace quanta
