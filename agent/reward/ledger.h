// The reward that a machine earns under any scheduler, from its events: what evaluation compares.
// One thread; O(1) per event.
#pragma once

#include <vector>

#include "agent/features/tracker.h"
#include "agent/reward/reward_config.h"
#include "env/base/histogram.h"

namespace quanta {

class Ledger {
 public:
  Ledger(const Tracker& tracker, const RewardConfig& config);

  // After Tracker::update() of the same event.
  void update(const Event& event);
  // Forgets what was before: the next report starts here.
  void reset();

  // Sums since the last reset, ns.
  const Terms& terms() const { return terms_; }
  // Reward per CPU and time since the last reset: dimensionless, comparable between machines.
  double rate() const;
  double rate(RewardTerm term) const;  // likewise, one term, weight applied

  const Histogram& wakeup_latency() const { return wakeup_; }
  const Histogram& runqueue_wait() const { return wait_; }
  uint64_t switches() const { return switches_; }
  uint64_t preemptions() const { return preemptions_; }

  template <class Archive>
  void state(Archive& a) {
    a(terms_, last_on_cpu_, wakeup_, wait_, since_, integral_, switches_, preemptions_);
  }

 private:
  const Tracker& tracker_;
  const RewardConfig& config_;
  Terms terms_{};
  std::vector<TaskId> last_on_cpu_;
  Histogram wakeup_;
  Histogram wait_;
  Nanos since_ = 0;
  double integral_ = 0;  // of W at the last reset
  uint64_t switches_ = 0;
  uint64_t preemptions_ = 0;
};

}  // namespace quanta
