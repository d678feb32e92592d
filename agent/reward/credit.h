// The reward of one decision: its own wait, the waiting that its run caused, what its preemption cost,
// and the useful work. A pure function of a record, the config, and the going price of CPU time.
//
//   - (own waiting terms) - caused + rho * run + throughput - switch
//   - [preempted] * (c * (w_v + W / N + 1) + w_v * victim's wait)
// rho = mean caused waiting per CPU time, which keeps short slices from looking cheap.
#pragma once

#include "agent/hot/record.h"
#include "agent/reward/reward_config.h"

namespace quanta {

// Terms in ns; `caused` and the preemption's price count as kTermWait, c as kTermSwitch.
Terms credit(const Record& record, const RewardConfig& config, double rho);

// Running estimate of rho.
class WaitingPrice {
 public:
  void add(const Record& record) {
    caused_ += kRate * (static_cast<double>(record.caused) - caused_);
    run_ += kRate * (static_cast<double>(record.run) - run_);
  }
  double rho() const { return run_ > 0 ? caused_ / run_ : 0; }

 private:
  static constexpr double kRate = 1e-3;
  double caused_ = 0;
  double run_ = 0;
};

}  // namespace quanta
