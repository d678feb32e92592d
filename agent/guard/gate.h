// Switchback: lets what was learned act only as far as it measurably pays.
//
// Time is cut into windows. Some explore (for the policy gradient). The others make up rounds in
// which every arm acts, without exploration, once in random order: the prior, each combination of
// learned heads, and the prior with one of its constants moved. A round's differences to its own
// prior window are what is compared, so that a changing load does not bias them. Outside rounds,
// the best arm acts: the one with the greatest mean uplift, if that is greater than `caution`
// standard errors; otherwise the prior. An arm that is as surely worse sits out most rounds. Hot
// thread; O(1); no allocation.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "agent/policy/learned.h"
#include "agent/reward/ledger.h"
#include "env/base/rng.h"

namespace quanta {

class Section;

struct GateConfig {
  Nanos window = 200 * kMillisecond;
  Nanos settle = 50 * kMillisecond;  // at the start of a window: what the one before left behind
  double explore = 0.3;              // share of windows that explore
  double compare = 0.6;   // share of windows that belong to rounds; the rest: the best arm
  double settled = 0.25;  // factor on both once `warmup` rounds have been seen
  double warmup = 8;
  double memory = 40;    // rounds after which an old one counts 1/e
  double caution = 2.0;  // standard errors
  // Where the environment decides by itself: of the windows that neither explore nor compare, one
  // in so many is observed.
  int64_t watch = 10;
};

void read(Section& section, GateConfig& config);

enum Arm : int {
  kArmPrior,
  kArmBurst,     // learned remaining bursts
  kArmResidual,  // learned order, preemption and slices
  kArmFull,      // both
  kArmFine,      // the prior with slices of half the length
  kArmCoarse,    // with slices three times as long
  kArmCalm,      // with preemption eight times as dear
  kArms
};
extern const std::array<std::string_view, kArms> kArmNames;
Conduct conduct_of(Arm arm);  // without exploration

// Uplift of an arm over the prior, in reward per CPU and time.
struct Uplift {
  double mean = 0;
  double standard_error = 0;
  double rounds = 0;  // effective number
};

class Gate {
 public:
  Gate(const GateConfig& config, const Ledger& ledger, uint64_t seed);

  // Once per pass of the hot loop: moves on to the next window when it is time.
  void update(Nanos now, LearnedPolicy& policy);

  Arm best() const;
  Uplift uplift(Arm arm) const;
  Arm acting() const { return acting_; }
  bool exploring() const { return exploring_; }
  uint64_t rounds() const { return rounds_; }

  template <class Archive>
  void state(Archive& a) {
    a(rng_, mark_, window_end_, settle_end_, settled_, order_, rewards_, members_, position_, sums_,
      acting_, exploring_, comparing_, rounds_, unwatched_);
  }

 private:
  struct Sums {
    double weight = 0;
    double weight2 = 0;
    double mean = 0;
    double m2 = 0;
  };
  void finish_window();
  void begin_round();
  void finish_round();
  void next_window(Nanos now, LearnedPolicy& policy);

  GateConfig config_;
  const Ledger& ledger_;
  Rng rng_;
  Ledger::Mark mark_;
  Nanos window_end_ = 0;
  Nanos settle_end_ = 0;
  bool settled_ = false;
  std::array<Arm, kArms> order_{};
  std::array<double, kArms> rewards_{};  // of this round
  int members_ = 0;                      // of order_, in this round
  int position_ = 0;                     // in order_
  int64_t unwatched_ = 0;                // windows since one was observed
  std::array<Sums, kArms> sums_{};
  Arm acting_ = kArmPrior;
  bool exploring_ = false;
  bool comparing_ = false;
  uint64_t rounds_ = 0;
};

}  // namespace quanta
