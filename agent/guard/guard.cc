#include "agent/guard/guard.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace quanta {

namespace {
constexpr double kWiden = 1.5;  // of the interval
constexpr double kDrop = 4;     // standard deviations: suspect at once
constexpr int64_t kSilentRounds = 4;
constexpr int64_t kMostDoublings = 8;
}  // namespace

void Guard::look() {
  // Acquire: pairs with the keeper's release. The loop has passed its quiescent state just before,
  // maybe before the keeper published: only the next one surely adopts those weights.
  const bool answered = signals_.done.load(std::memory_order_acquire) >= signals_.asked();
  trusted_ = answered && adopted_;
  adopted_ = answered;
}

bool Guard::is_suspicious(const Recent& before, double difference) const {
  if (difference >= 0 || before.seen < 2) return false;
  const Uplift u = before.sums.of();
  const double spread = u.standard_error * std::sqrt(u.rounds);
  if (before.seen >= kLeast && difference < -kDrop * spread) return true;
  return (before.negative & 1) != 0 && (difference + before.last) / 2 < -spread;
}

bool Guard::compared(Arm arm, bool acts, const TermsAndTotal& difference, Nanos now) {
  const bool confirms = confirm_ > 0 && arm == suspect_;
  const bool judged = acts || arm == kArmResidual || confirms;
  if (!is_learned(arm) || !trusted_ || !judged) return false;
  Recent& r = recent_;
  if (confirms) {
    --confirm_;
  } else if (config_.rollback && confirm_ == 0 && is_suspicious(r, difference[kTotal])) {
    suspect_ = arm;
    confirm_ = kConfirm;
  }
  r.last = difference[kTotal];
  r.sums.add(difference, std::exp(-1 / kMemory));
  ++r.seen;
  r.negative = r.negative << 1 | (difference[kTotal] < 0 ? 1 : 0);
  if (r.seen < kLeast) return false;
  const Uplift u = r.sums.of();
  if (u.lower() > 0) {
    failures_ = 0;
    signals_.good.store(signals_.good.load(std::memory_order_relaxed) + 1,
                        std::memory_order_release);
  }
  const bool worse = u.mean + kWiden * u.half() < 0 && std::popcount(r.negative & 0xF) >= 3;
  if (!config_.rollback || !worse) return false;
  signals_.arm.store(arm, std::memory_order_relaxed);
  signals_.mean.store(u.mean, std::memory_order_relaxed);
  signals_.half.store(u.half(), std::memory_order_relaxed);
  const Intervention reason = acts ? Intervention::kActingWorse : Intervention::kLearnedWorse;
  signals_.reason.store(reason, std::memory_order_relaxed);
  signals_.add(reason);
  trusted_ = adopted_ = false;
  recent_ = {};
  confirm_ = 0;
  pause_until_ = now + (config_.pause << std::min(failures_, kMostDoublings));
  ++failures_;
  return true;
}

bool Guard::prior_earned(double reward, bool alone) {
  const bool checked = checks_prior();
  const bool differs = drift_.add(reward, config_.drift, checked);
  if (checked && --confirm_ > 0) return false;
  if (!differs) return false;
  if (!alone && !checked) {
    suspect_ = kArmPrior;
    confirm_ = kAlone;
    return false;
  }
  start_anew(Intervention::kDrift);
  return true;
}

void Guard::start_anew(Intervention sign) {
  drift_ = {};
  recent_ = {};
  confirm_ = 0;
  signals_.sign.store(sign, std::memory_order_relaxed);
  signals_.add(sign);
}

void Guard::round(bool nothing) {
  nothing_ = nothing ? nothing_ + 1 : 0;
  if (nothing_ == 0) silent_ = false;
  if (nothing_ != kSilentRounds) return;
  silent_ = true;
  signals_.add(Intervention::kNoSignal);
}

}  // namespace quanta
