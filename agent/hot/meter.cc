#include "agent/hot/meter.h"

#include "env/base/clocks.h"

namespace quanta {
namespace {

constexpr uint64_t kTimedOneIn = 64;

// The machine's own clock, read without a system call. Never 0.
uint64_t machine_clock() {
  return monotonic_time() + 1;
}

}  // namespace

Meter::Meter(const Env& env, const Tracker& tracker, const Ledger& ledger, const Journal& journal,
             const Publisher& publisher, const Gate& gate, HotMetrics& metrics)
    : env_(env),
      tracker_(tracker),
      ledger_(ledger),
      journal_(journal),
      publisher_(publisher),
      gate_(gate),
      metrics_(metrics),
      stopped_(env.max_tasks(), StopReason::kSliceEnd) {}

void Meter::update(const Event& event) {
  switch (event.kind) {
    case EventKind::kWake:
      metrics_.counters.direct_dispatches.add();
      break;
    case EventKind::kStart: {
      const TaskView& t = tracker_.task(event.task);
      const Nanos waited = event.time - t.waiting_since;
      metrics_.runqueue_wait.record(waited);
      if (t.woken) metrics_.wakeup_latency.record(waited);
      metrics_.counters.context_switches.add();
      break;
    }
    case EventKind::kStop:
      stopped_[event.task] = event.reason;
      if (event.reason == StopReason::kPreempted) metrics_.counters.preemptions.add();
      break;
    case EventKind::kNew:
    case EventKind::kExec:
    case EventKind::kExit:
    case EventKind::kEnqueue:
      break;
  }
}

uint64_t Meter::before_decision() {
  return ++decisions_ % kTimedOneIn == 0 ? machine_clock() : 0;
}

void Meter::decided(const Event& event, const Decision& decision, uint64_t before) {
  if (before != 0) metrics_.decision_duration.record(machine_clock() - before);
  metrics_.slice.record(decision.slice);
  DecisionReason reason = DecisionReason::kWoken;
  if ((event.flags & kWakeup) == 0) {
    reason = stopped_[event.task] == StopReason::kPreempted ? DecisionReason::kPreempted
                                                            : DecisionReason::kSliceEnd;
  }
  metrics_.counters.decided(reason).add();
}

void Meter::idle() {
  metrics_.counters.env_time.set(env_.now());
}

void Meter::end_pass() {
  HotCounters& c = metrics_.counters;
  c.env_time.set(tracker_.now());
  c.tasks.set(tracker_.tasks());
  c.runnable_tasks.set(tracker_.runnable());
  c.records_dropped.set(journal_.dropped());
  c.stale_decisions.set(env_.stale_decisions());
  const uint64_t version = publisher_.current().version;
  if (version != c.policy_version.value()) {
    c.weight_swaps.add();
    c.policy_version.set(version);
  }
  const Terms terms = ledger_.mark().terms;
  for (size_t i = 0; i < kTerms; ++i) terms_[i].store(terms[i], std::memory_order_relaxed);
  acting_arm_.store(gate_.acting(), std::memory_order_relaxed);
  exploring_.store(gate_.exploring(), std::memory_order_relaxed);
  const uint64_t interventions = gate_.signals().asked() + gate_.signals().changes();
  const uint64_t comparisons = gate_.rounds() + gate_.pairs() + interventions;
  if (comparisons == comparisons_seen_) return;
  comparisons_seen_ = comparisons;
  share_uplifts();
}

void Meter::share_uplifts() {
  for (int a = 0; a < kArms; ++a) {
    for (size_t t = 0; t <= kTotal; ++t) {
      const Uplift u = gate_.uplift(static_cast<Arm>(a), t);
      SharedUplift& shared = uplifts_[static_cast<size_t>(a)][t];
      shared.mean.store(u.mean, std::memory_order_relaxed);
      shared.standard_error.store(u.standard_error, std::memory_order_relaxed);
      shared.rounds.store(u.rounds, std::memory_order_relaxed);
    }
  }
  best_arm_.store(gate_.best(), std::memory_order_relaxed);
  gate_rounds_.store(gate_.rounds(), std::memory_order_relaxed);
  gate_pairs_.store(gate_.pairs(), std::memory_order_relaxed);
}

Uplift Meter::uplift(Arm arm, size_t term) const {
  const SharedUplift& shared = uplifts_[static_cast<size_t>(arm)][term];
  return {.mean = shared.mean.load(std::memory_order_relaxed),
          .standard_error = shared.standard_error.load(std::memory_order_relaxed),
          .rounds = shared.rounds.load(std::memory_order_relaxed)};
}

}  // namespace quanta
