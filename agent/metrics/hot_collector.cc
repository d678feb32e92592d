#include "agent/metrics/hot_collector.h"

#include <prometheus/metric_family.h>
#include <string>
#include <utility>

namespace quanta {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

double seconds(Nanos value) {
  return static_cast<double>(value) / 1e9;
}

MetricFamily family(MetricType type, std::string name, std::string help, ClientMetric metric) {
  return {std::move(name), std::move(help), type, {std::move(metric)}};
}

ClientMetric count(const HotCounter& counter) {
  ClientMetric metric;
  metric.counter.value = static_cast<double>(counter.value());
  return metric;
}

ClientMetric count(const HotCounter& counter, std::string label, std::string value) {
  ClientMetric metric = count(counter);
  metric.label.push_back({std::move(label), std::move(value)});
  return metric;
}

MetricFamily counter(std::string name, std::string help, const HotCounter& value) {
  return family(MetricType::Counter, std::move(name), std::move(help), count(value));
}

MetricFamily gauge(std::string name, std::string help, double value) {
  ClientMetric metric;
  metric.gauge.value = value;
  return family(MetricType::Gauge, std::move(name), std::move(help), std::move(metric));
}

// Bounds first, 2 first, 4 first, ... up to last: each is a bucket's own, so the counts are exact.
struct Bounds {
  Nanos first;
  Nanos last;
};
constexpr Bounds kWaits{Nanos{1} << 10, Nanos{1} << 34};   // 1 us to 17 s
constexpr Bounds kDecisions{24, Nanos{24} << 20};          // 24 ns to 25 ms
constexpr Bounds kSlices{Nanos{1} << 14, Nanos{1} << 28};  // 16 us to 268 ms

MetricFamily histogram(std::string name, std::string help, Bounds bounds,
                       const LatencyHistogram& values) {
  const HistogramState state = values.state();
  ClientMetric metric;
  metric.histogram.sample_count = state.count();
  metric.histogram.sample_sum = seconds(state.sum);
  for (Nanos bound = bounds.first; bound <= bounds.last; bound *= 2) {
    metric.histogram.bucket.push_back({state.count_up_to(bound), seconds(bound)});
  }
  return family(MetricType::Histogram, std::move(name), std::move(help), std::move(metric));
}

MetricFamily decisions(const HotCounters& counters) {
  const auto& by_reason = counters.decisions;
  return {
      "quanta_decisions_total",
      "Scheduling decisions, by why the task wanted one.",
      MetricType::Counter,
      {count(by_reason[static_cast<size_t>(DecisionReason::kWoken)], "reason", "wakeup"),
       count(by_reason[static_cast<size_t>(DecisionReason::kSliceEnd)], "reason", "slice_end"),
       count(by_reason[static_cast<size_t>(DecisionReason::kPreempted)], "reason", "preempted")}};
}

MetricFamily page_faults(const HotCounters& counters) {
  return {"quanta_hot_thread_page_faults_total",
          "Page faults of the hot thread; must stay constant once it runs.",
          MetricType::Counter,
          {count(counters.minor_faults, "kind", "minor"),
           count(counters.major_faults, "kind", "major")}};
}

}  // namespace

std::vector<MetricFamily> HotCollector::Collect() const {
  const HotCounters& c = hot_.counters;
  return {
      decisions(c),
      counter("quanta_direct_dispatches_total",
              "Tasks that were sent to an idle CPU at once, without a decision.",
              c.direct_dispatches),
      counter("quanta_preemptions_total", "Running tasks that a decision put aside.",
              c.preemptions),
      counter("quanta_context_switches_total", "Tasks that started to run on a CPU.",
              c.context_switches),
      counter("quanta_records_dropped_total",
              "Decision records that the learner did not get because the queue was full.",
              c.records_dropped),
      counter("quanta_stale_decisions_total",
              "Decisions that came after their task had changed, and were dropped.",
              c.stale_decisions),
      counter("quanta_weights_refused_total",
              "New weights that the kernel could not have; it goes on with the last good ones.",
              c.weights_refused),
      counter("quanta_weight_swaps_total", "New weights that the hot thread has taken up.",
              c.weight_swaps),
      page_faults(c),
      gauge("quanta_policy_version", "Version of the weights that decide now.",
            static_cast<double>(c.policy_version.value())),
      gauge("quanta_tasks", "Tasks that are scheduled here.", static_cast<double>(c.tasks.value())),
      gauge("quanta_runnable_tasks", "Tasks that run or wait for a CPU.",
            static_cast<double>(c.runnable_tasks.value())),
      gauge("quanta_env_time_seconds", "The environment's clock.", seconds(c.env_time.value())),
      histogram("quanta_wakeup_latency_seconds", "Time from a task's wake-up until it ran.", kWaits,
                hot_.wakeup_latency),
      histogram("quanta_runqueue_wait_seconds",
                "Time from a task's becoming runnable, for any reason, until it ran.", kWaits,
                hot_.runqueue_wait),
      histogram("quanta_decision_duration_seconds", "Time from an event to its decision.",
                kDecisions, hot_.decision_duration),
      histogram("quanta_slice_seconds", "Time slices that decisions gave.", kSlices, hot_.slice),
  };
}

}  // namespace quanta
