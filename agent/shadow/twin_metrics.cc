#include "agent/shadow/twin_metrics.h"

#include <prometheus/counter.h>

namespace quanta {
namespace {

prometheus::Counter* counter(prometheus::Registry& registry, const char* name, const char* help) {
  return &prometheus::BuildCounter().Name(name).Help(help).Register(registry).Add({});
}

// Brings a counter up to a total.
void raise(prometheus::Counter& counter, double total) {
  if (total > counter.Value()) counter.Increment(total - counter.Value());
}

}  // namespace

TwinMetrics::TwinMetrics(prometheus::Registry& registry) {
  auto& waits = prometheus::BuildGauge()
                    .Name("quanta_twin_wakeup_seconds")
                    .Help(
                        "Wake-up latency in the last window: measured on the machine, and in its "
                        "twin under a model of the kernel's scheduler, the prior, and what was "
                        "learnt.")
                    .Register(registry);
  auto& rewards = prometheus::BuildGauge()
                      .Name("quanta_twin_reward")
                      .Help("Reward per CPU and time in the twin, of the last window.")
                      .Register(registry);
  const std::pair<Of*, const char*> kAll[] = {
      {&measured_, "measured"}, {&kernel_, "kernel"}, {&prior_, "prior"}, {&learned_, "learned"}};
  for (const auto& [of, name] : kAll) {
    of->p50 = &waits.Add({{"scheduler", name}, {"quantile", "0.5"}});
    of->p99 = &waits.Add({{"scheduler", name}, {"quantile", "0.99"}});
    if (of != &measured_) of->reward = &rewards.Add({{"scheduler", name}});
  }
  auto& errors = prometheus::BuildGauge()
                     .Name("quanta_twin_error_ratio")
                     .Help(
                         "How far the model of the kernel's scheduler is off what was measured in "
                         "the last window, relative to it.")
                     .Register(registry);
  error_p50_ = &errors.Add({{"quantile", "0.5"}});
  error_p99_ = &errors.Add({{"quantile", "0.99"}});
  windows_ = counter(registry, "quanta_twin_windows_total", "Windows that were compared.");
  cpu_ = counter(registry, "quanta_twin_cpu_seconds_total",
                 "CPU time of the thread that lets the twin live and learns.");
  performances_ = counter(registry, "quanta_twin_performances_total",
                          "Times that the learning policy began a window.");
}

void TwinMetrics::show(const Of& of, const TwinWaits& waits) {
  of.p50->Set(waits.p50 / kSecond);
  of.p99->Set(waits.p99 / kSecond);
  if (of.reward != nullptr) of.reward->Set(waits.reward);
}

void TwinMetrics::show(const TwinReport& report) {
  show(measured_, report.measured);
  show(kernel_, report.kernel);
  show(prior_, report.prior);
  show(learned_, report.learned);
  error_p50_->Set(report.error_p50);
  error_p99_->Set(report.error_p99);
  windows_->Increment();
}

void TwinMetrics::show_effort(Nanos cpu, uint64_t performances) {
  raise(*cpu_, static_cast<double>(cpu) / kSecond);
  raise(*performances_, static_cast<double>(performances));
}

}  // namespace quanta
