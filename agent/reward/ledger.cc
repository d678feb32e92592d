#include "agent/reward/ledger.h"

#include <algorithm>
#include <cmath>

namespace quanta {

Ledger::Ledger(const Tracker& tracker, const RewardConfig& config)
    : tracker_(tracker),
      config_(config),
      last_on_cpu_(static_cast<size_t>(tracker.cpus()), kNoTask) {}

void Ledger::reset_latencies() {
  wakeup_ = Histogram{};
  wait_ = Histogram{};
}

void Ledger::update(const Event& event) {
  const TaskView& t = tracker_.task(event.task);
  if (event.kind == EventKind::kStart) {
    TaskId& last = last_on_cpu_[static_cast<size_t>(event.cpu)];
    if (last != event.task) {
      ++switches_;
      terms_[kTermSwitch] -= static_cast<double>(config_.switch_cost);
    }
    last = event.task;
    const Nanos waited = event.time - t.waiting_since;
    wait_.add(waited);
    if (event.time > t.due) terms_[kTermFairness] -= static_cast<double>(event.time - t.due);
    if (t.woken) {
      wakeup_.add(waited);
      if (waited > config_.latency_target) {
        terms_[kTermLatency] -= t.w * static_cast<double>(waited - config_.latency_target);
      }
    }
  } else if (event.kind == EventKind::kStop) {
    terms_[kTermThroughput] +=
        static_cast<double>(event.work) * t.load_weight / double{kNiceZeroWeight};
    if (event.reason == StopReason::kPreempted) ++preemptions_;
    if (event.reason == StopReason::kSleep || event.reason == StopReason::kExit) {
      const double response = static_cast<double>(event.time - t.woke_at);
      const double ideal = static_cast<double>(std::max<Nanos>(t.last_burst, kMicrosecond));
      terms_[kTermSlowdown] -= t.w * static_cast<double>(config_.slowdown_unit) *
                               std::log2(std::max(1.0, response / ideal));
      if (t.reward_class >= 0) {
        const Nanos deadline =
            config_.weighing.classes[static_cast<size_t>(t.reward_class)].deadline;
        if (deadline > 0 && response > static_cast<double>(deadline)) {
          terms_[kTermDeadline] -= static_cast<double>(config_.deadline_cost);
        }
      }
    }
  }
  terms_[kTermWait] = -tracker_.waiting_integral();
}

Terms Ledger::rates_since(const Mark& mark) const {
  const double time = static_cast<double>(tracker_.now() - mark.time) * tracker_.cpus();
  Terms rates{};
  if (time <= 0) return rates;
  for (size_t i = 0; i < kTerms; ++i) {
    rates[i] = config_.weight[i] * (terms_[i] - mark.terms[i]) / time;
  }
  return rates;
}

double Ledger::rate_since(const Mark& mark) const {
  double sum = 0;
  for (const double r : rates_since(mark)) sum += r;
  return sum;
}

}  // namespace quanta
