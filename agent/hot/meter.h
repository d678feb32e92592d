// Counts on the hot thread what people and Prometheus see, without touching how it decides.
//
// One writer, the hot thread; what the accessors give may be read by any thread at any time
// (relaxed: each number is exact in itself). No lock, no allocation; every 64th decision is timed.
#pragma once

#include <array>
#include <atomic>
#include <vector>

#include "agent/features/tracker.h"
#include "agent/guard/gate.h"
#include "agent/hot/journal.h"
#include "agent/metrics/latency_histogram.h"
#include "agent/policy/publisher.h"
#include "agent/reward/ledger.h"

namespace quanta {

class Meter {
 public:
  // All outlive the meter.
  Meter(const Env& env, const Tracker& tracker, const Ledger& ledger, const Journal& journal,
        const Publisher& publisher, const Gate& gate, HotMetrics& metrics);

  // After Tracker::update() of the same event.
  void update(const Event& event);
  // Around a decision: a clock's reading, or 0 for those that are not timed.
  uint64_t before_decision();
  void decided(const Event& event, const Decision& decision, uint64_t before);
  // After each pass of the hot loop, or when state has been restored.
  void end_pass();
  void refused(uint64_t weights) { metrics_.counters.weights_refused.set(weights); }
  // While nothing happens: time goes on.
  void idle();

  // Any thread. Sum of one reward term since the start, ns, before its weight.
  double term(size_t i) const { return terms_[i].load(std::memory_order_relaxed); }
  // By how much the best arm's reward exceeds the untrained prior's, as the gate has measured; 0
  // while it has not.
  double uplift() const { return uplift(best_arm()).mean; }
  // Of any arm, by reward term or in total (kTotal).
  Uplift uplift(Arm arm, size_t term = kTotal) const;
  Arm best_arm() const { return best_arm_.load(std::memory_order_relaxed); }
  Arm acting_arm() const { return acting_arm_.load(std::memory_order_relaxed); }
  bool exploring() const { return exploring_.load(std::memory_order_relaxed); }
  uint64_t gate_rounds() const { return gate_rounds_.load(std::memory_order_relaxed); }
  uint64_t gate_pairs() const { return gate_pairs_.load(std::memory_order_relaxed); }
  uint64_t interventions(Intervention reason) const { return gate_.signals().count(reason); }
  const HotMetrics& metrics() const { return metrics_; }

 private:
  const Env& env_;
  const Tracker& tracker_;
  const Ledger& ledger_;
  const Journal& journal_;
  const Publisher& publisher_;
  const Gate& gate_;
  HotMetrics& metrics_;
  std::vector<StopReason> stopped_;  // per task, the last time
  uint64_t decisions_ = 0;
  uint64_t comparisons_seen_ = 0;
  std::array<std::atomic<double>, kTerms> terms_{};
  struct SharedUplift {
    std::atomic<double> mean{0};
    std::atomic<double> standard_error{0};
    std::atomic<double> rounds{0};
  };
  void share_uplifts();

  std::array<std::array<SharedUplift, kTerms + 1>, kArms> uplifts_{};
  std::atomic<Arm> best_arm_{kArmPrior};
  std::atomic<Arm> acting_arm_{kArmPrior};
  std::atomic<bool> exploring_{false};
  std::atomic<uint64_t> gate_rounds_{0};
  std::atomic<uint64_t> gate_pairs_{0};
};
static_assert(std::atomic<double>::is_always_lock_free);

}  // namespace quanta
