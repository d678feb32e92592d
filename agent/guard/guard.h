// Takes a learned policy back that the comparisons show to be worse than the prior, and says when
// exploring must pause. Hot thread; O(1); no allocation.
//
// Judged are the learned arm that acts and the learned residual (the other arms with learned heads
// only act when they have proved better), as one: their comparisons with the prior count together,
// an old one 1/e after kMemory. They are suspect when the last two were negative, by more in the
// mean than one standard deviation of those before, or the last one by more than four: then that
// arm is compared again, window by window, up to kConfirm times. The policy is surely worse when
// there were kLeast comparisons, three of the last four negative, and the interval (95%, widened by
// half, for it is looked at often) lies below zero. From then on no learned arm acts, until the
// keeper (keeper.h) has published the last good weights or the untrained ones, and nothing is
// explored for `pause`, which doubles with every rollback until one has proved good.
//
// Bound, for a policy that from some moment on loses at least four times what it was ahead before,
// and more than the noise: two comparisons and kConfirm pairs. While it acts, comparisons are at
// most 2 / `prior` windows apart:
//     (2 * 2 / prior + 2 * kConfirm) * window = 10.4 s as shipped;
// while it is only explored and compared, they are rounds, of which one takes on average
// kArms / (settled * compare) windows:
//     (2 * 7 / 0.15 + 2 * kConfirm) * 200 ms = 21 s as shipped,
// and it has the share settled * (explore + compare * 3 / kArms) = 14% of the machine in that time.
// Where the first bad comparison already makes something else act, the two add up: 31 s. Each check
// whether the load has changed (prior_earned()) adds kAlone windows, in which the prior acts.
// A loss smaller than the noise takes longer, or is not found.
#pragma once

#include "agent/guard/drift.h"
#include "agent/guard/gate_config.h"
#include "agent/guard/signals.h"
#include "agent/guard/uplift.h"

namespace quanta {

class Guard {
 public:
  static constexpr double kMemory = 8;
  static constexpr int kLeast = 4;
  static constexpr int kConfirm = 6;
  static constexpr int kAlone = 2 * Drift::kLately;

  explicit Guard(const GateConfig& config) : config_(config) {}

  // Once per pass of the hot loop.
  void look();

  // `arm` against the prior. True: the policy is taken back; what was measured of it is void.
  bool compared(Arm arm, bool acts, const TermsAndTotal& difference, Nanos now);
  // To be compared next, and only that; kArmPrior: none.
  Arm suspect() const { return confirm_ > 0 ? suspect_ : kArmPrior; }
  // The prior had a window; `alone`: nothing better acts in between. True: the load changed; what
  // was measured is of another. What else acts leaves a state behind in which the prior earns more
  // or less than by itself: where it is not alone, the load has changed only if kAlone windows in a
  // row, of which the last half is judged, say so too.
  bool prior_earned(double reward, bool alone);
  // What acts is no longer as far ahead of the prior as it was (lead.h): likewise.
  void lead_lost() { start_anew(Intervention::kLeadLost); }
  // Only the prior may act.
  bool checks_prior() const { return confirm_ > 0 && suspect_ == kArmPrior; }
  // A round of all arms; `nothing`: each earned exactly zero.
  void round(bool nothing);

  // Learned arms may act.
  bool trusts() const { return trusted_; }
  bool may_explore(Nanos now) const { return trusted_ && !silent_ && now >= pause_until_; }
  // Reward tells arms apart.
  bool hears() const { return !silent_; }

  GuardSignals& signals() { return signals_; }
  const GuardSignals& signals() const { return signals_; }

  template <class Archive>
  void state(Archive& a) {
    a(signals_, recent_, drift_, suspect_, confirm_, trusted_, adopted_, silent_, nothing_,
      failures_, pause_until_);
  }

 private:
  struct Recent {
    UpliftSums sums;
    int64_t seen = 0;
    uint64_t negative = 0;  // bit 0: the last one was
    double last = 0;
  };

  bool is_suspicious(const Recent& before, double difference) const;
  void start_anew(Intervention sign);

  GateConfig config_;
  GuardSignals signals_;
  Recent recent_;
  Drift drift_;
  Arm suspect_ = kArmPrior;
  int32_t confirm_ = 0;  // comparisons left, or windows of the prior
  bool trusted_ = true;
  bool adopted_ = true;  // the keeper's answer came at least one pass ago
  bool silent_ = false;
  int64_t nothing_ = 0;   // rounds in a row
  int64_t failures_ = 0;  // rollbacks in a row
  Nanos pause_until_ = 0;
};

}  // namespace quanta
