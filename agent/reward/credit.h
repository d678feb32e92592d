// The reward of one decision: its own wait, the waiting that its run caused, the useful work, and
// what displacing a task cost. A pure function of a record and the config; and the going price of
// CPU time.
//
//   - (own waiting terms) - caused + throughput - switch
//   - [displaced] * (w_v * victim's wait + victim's loss) - [preempted] * c * (w_v + W / N + 1)
// A slice's end displaces the task itself. Decisions differ in the CPU time that they use: the
// learner gets the reward less `price * run`, the average reward of that much CPU time
// (average-reward semi-Markov decision process), else short slices would look cheap.
#pragma once

#include "agent/hot/record.h"
#include "agent/reward/reward_config.h"

namespace quanta {

// Terms in ns, before their weights.
Terms credit(const Record& record, const RewardConfig& config);

// Running mean of what a nanosecond of CPU time earns, own waiting apart (that is not bought with
// it).
class RunPrice {
 public:
  void add(double earned, Nanos run) {
    earned_ += kRate * (earned - earned_);
    run_ += kRate * (static_cast<double>(run) - run_);
  }
  double price() const { return run_ > 0 ? earned_ / run_ : 0; }

 private:
  static constexpr double kRate = 1e-3;
  double earned_ = 0;
  double run_ = 0;
};

// The part of `terms` that a run earns, weights applied.
double earned_by_run(const Record& record, const Terms& terms, const RewardConfig& config);

}  // namespace quanta
