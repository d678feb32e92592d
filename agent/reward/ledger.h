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

  // A moment to count from.
  struct Mark {
    Nanos time = 0;
    Terms terms{};
  };
  Mark mark() const { return {tracker_.now(), terms_}; }
  // Reward per CPU and time since `mark`, weights applied: dimensionless, comparable between
  // machines.
  Terms rates_since(const Mark& mark) const;
  double rate_since(const Mark& mark) const;

  // Of all that has started since the last reset_latencies().
  const Histogram& wakeup_latency() const { return wakeup_; }
  const Histogram& runqueue_wait() const { return wait_; }
  void reset_latencies();
  // Since the start.
  uint64_t switches() const { return switches_; }
  uint64_t preemptions() const { return preemptions_; }

  template <class Archive>
  void state(Archive& a) {
    a(terms_, last_on_cpu_, wakeup_, wait_, switches_, preemptions_);
  }

 private:
  const Tracker& tracker_;
  const RewardConfig& config_;
  Terms terms_{};  // sums since the start, ns, before their weights
  std::vector<TaskId> last_on_cpu_;
  Histogram wakeup_;
  Histogram wait_;
  uint64_t switches_ = 0;
  uint64_t preemptions_ = 0;
};

}  // namespace quanta
