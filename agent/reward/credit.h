// The reward of one decision, as the learner gets it: what it did to the reward of the whole
// machine, to first order, the waiting of others included. A pure function of a record, the config,
// and going rates.
//
//   - [its activation ended] * (own wait + lateness + slowdown + deadline)
//   - (waiting and lateness of others during its run) / N - switch - useless CPU time
//   - [displaced] * victim's loss - [preempted] * c * (w_v + W / N + 1) + price * run
//
// Two things are left out because what one task wins by them another loses, and to credit them to
// who decides is an arms race: the own wait of a run after which the task waits again (who never
// sleeps waits as long in all, whatever the order), and the promised share (of a fixed sum).
// `price`: what a ns of CPU time spares the task, the mean cost of getting it again: own waiting,
// switch and loss per ns of run, among runs of its kind. So a longer slice pays as far as it spares
// the task more than it costs the others.
// How near that comes to the truth is measured: tests/ope/credit_gradient_test.cc.
#pragma once

#include <array>

#include "agent/hot/record.h"
#include "agent/reward/reward_config.h"

namespace quanta {

// What things cost by now, learnt from the records themselves; exponential averages.
class GoingRates {
 public:
  void add(const Record& record, const RewardConfig& config);

  // Of a ns of run of such a task, in ns of reward, weights applied.
  double price(const Record& record) const;
  // Part of the weighted waiting after wake-ups that lies beyond the latency target.
  double late_share() const { return waited_ > 0 ? late_ / waited_ : 0; }

  template <class Archive>
  void state(Archive& a) {
    a(kinds_, waited_, late_);
  }

 private:
  static constexpr double kRate = 1e-3;
  // By the octave of the expected remaining burst, and whether it was woken.
  static constexpr int kFirstOctave = 12;
  static constexpr int kOctaves = 14;
  struct Kind {
    double cost = 0;
    double run = 0;
  };
  static size_t kind_of(const Record& record);

  std::array<Kind, size_t{2} * kOctaves> kinds_{};
  double waited_ = 0;
  double late_ = 0;
};

// Terms in ns, before their weights. The price of the run is not in them.
Terms credit(const Record& record, const RewardConfig& config, double late_share);

}  // namespace quanta
