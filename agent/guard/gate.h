// Switchback: lets what was learned act only as far as it measurably pays.
//
// Time is cut into windows. Some explore (for the policy gradient). Others make up rounds in which
// every arm acts, without exploration, once in random order: the prior, each combination of learned
// heads, and the prior with one of its constants moved. A round's differences to its own prior
// window are what is compared, so that a changing load does not bias them. Outside rounds, the best
// arm acts: the one with the greatest mean uplift, if that is greater than `caution` standard
// errors; otherwise the prior. An arm that is as surely worse sits out most rounds.
// While something better than the prior acts, pairs go on comparing the two: two windows next to
// each other, in random order, at random times, but never more than 2 / `prior` windows after the
// last comparison. The guard (guard.h) watches the comparisons; where the best arm falls behind
// what it was ahead (lead.h), all are compared anew. Hot thread; O(1); no allocation.
#pragma once

#include <array>
#include <cstdint>

#include "agent/guard/arm.h"
#include "agent/guard/gate_config.h"
#include "agent/guard/guard.h"
#include "agent/guard/lead.h"
#include "agent/guard/uplift.h"
#include "agent/reward/ledger.h"
#include "env/base/rng.h"

namespace quanta {

class Gate {
 public:
  Gate(const GateConfig& config, const Ledger& ledger, uint64_t seed);

  // Once per pass of the hot loop, after weights were adopted: moves on to the next window when it
  // is time.
  void update(Nanos now, LearnedPolicy& policy);

  Arm best() const;
  Uplift uplift(Arm arm, size_t term = kTotal) const;
  Arm acting() const { return acting_; }
  bool exploring() const { return exploring_; }
  uint64_t rounds() const { return rounds_; }
  uint64_t pairs() const { return pairs_; }
  GuardSignals& signals() { return guard_.signals(); }
  const GuardSignals& signals() const { return guard_.signals(); }

  template <class Archive>
  void state(Archive& a) {
    a(rng_, mark_, window_end_, settle_end_, settled_, round_, pair_, sums_, lead_, guard_, acting_,
      exploring_, comparing_, rounds_, fresh_rounds_, pairs_, unpaired_, unwatched_);
  }

 private:
  // Arms that each act for one window, to be compared.
  struct Round {
    std::array<TermsAndTotal, kArms> rewards{};  // by arm
    std::array<Arm, kArms> order{};
    int members = 0;   // of order
    int position = 0;  // in order; 0: it has not begun
    int pad = 0;       // saved as bytes: none is left undefined
    bool over() const { return position == members; }
    Arm next() const { return order[static_cast<size_t>(position)]; }
  };
  static_assert(sizeof(Round) ==
                sizeof(std::array<TermsAndTotal, kArms>) + sizeof(int) * (kArms + 3));
  void finish_window(Nanos now);
  void begin_round();
  bool begins_pair(Arm best, bool due);
  void begin_pair(Arm arm);
  void compare(const Round& round, Nanos now);
  void forget_learned();
  void forget();
  void next_window(Nanos now, LearnedPolicy& policy);
  bool surely_worse(Arm arm) const;
  double pace() const;

  GateConfig config_;
  const Ledger& ledger_;
  Guard guard_;
  Rng rng_;
  Ledger::Mark mark_;
  Nanos window_end_ = 0;
  Nanos settle_end_ = 0;
  bool settled_ = false;
  Round round_;            // of all arms; its windows come now and then
  Round pair_;             // of the best and the prior, at once
  int64_t unpaired_ = 0;   // windows since a comparison was complete
  int64_t unwatched_ = 0;  // windows since one was observed
  std::array<UpliftSums, kArms> sums_{};
  Lead lead_;
  Arm acting_ = kArmPrior;
  bool exploring_ = false;
  bool comparing_ = false;
  uint64_t rounds_ = 0;
  uint64_t fresh_rounds_ = 0;  // since all was compared anew
  uint64_t pairs_ = 0;
};

}  // namespace quanta
