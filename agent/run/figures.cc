#include "agent/run/figures.h"

#include <fmt/format.h>

namespace quanta {

Moment moment(const Agent& agent) {
  const HotMetrics& metrics = agent.hot.metrics;
  Moment m;
  m.time = metrics.counters.env_time.value();
  for (const HotCounter& reason : metrics.counters.decisions) m.decisions += reason.value();
  m.switches = metrics.counters.context_switches.value();
  for (size_t i = 0; i < kTerms; ++i) m.terms[i] = agent.hot.meter.term(i);
  m.wakeup = metrics.wakeup_latency.state();
  return m;
}

Figures between(const Moment& from, const Moment& to, const Agent& agent) {
  if (to.time <= from.time) return {};
  const double nanos = static_cast<double>(to.time - from.time);
  Figures f;
  f.seconds = nanos / kSecond;
  f.decisions_per_second = static_cast<double>(to.decisions - from.decisions) / f.seconds;
  f.switches_per_second = static_cast<double>(to.switches - from.switches) / f.seconds;
  for (size_t i = 0; i < kTerms; ++i) {
    f.reward += agent.config.reward.weight[i] * (to.terms[i] - from.terms[i]);
  }
  f.reward /= nanos * agent.hot.tracker.cpus();
  HistogramState wakeup = to.wakeup;
  for (size_t i = 0; i < wakeup.counts.size(); ++i) wakeup.counts[i] -= from.wakeup.counts[i];
  f.wakeup_p50 = wakeup.quantile(0.5);
  f.wakeup_p99 = wakeup.quantile(0.99);
  return f;
}

std::string format_time(double nanos) {
  if (nanos >= kSecond) return fmt::format("{:.2f} s", nanos / kSecond);
  if (nanos >= kMillisecond) return fmt::format("{:.2f} ms", nanos / kMillisecond);
  return fmt::format("{:.0f} us", nanos / kMicrosecond);
}

}  // namespace quanta
