#include "agent/metrics/metrics.h"

#include <chrono>
#include <iterator>
#include <utility>

namespace quanta {
namespace {

prometheus::Gauge& gauge(prometheus::Registry& registry, const std::string& name,
                         const std::string& help, const prometheus::Labels& labels = {}) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add(labels);
}

prometheus::Counter& counter(prometheus::Registry& registry, const std::string& name,
                             const std::string& help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry).Add({});
}

prometheus::MetricFamily family_of(const EnvCounter& counter) {
  prometheus::ClientMetric metric;
  metric.counter.value = static_cast<double>(counter.value) * counter.unit;
  return {counter.name, counter.help, prometheus::MetricType::Counter, {std::move(metric)}};
}

}  // namespace

RewardMetrics::RewardMetrics(prometheus::Registry& registry)
    : mean(gauge(registry, "quanta_reward_mean", "Mean reward of a decision, lately.")),
      // A gauge: rewards may be negative, so the sum may fall.
      cumulative_(prometheus::BuildGauge()
                      .Name("quanta_reward_cumulative")
                      .Help("Sum of all rewards since the start, by term; may fall.")
                      .Register(registry)) {}

void RewardMetrics::add(const std::string& term, double reward) {
  cumulative_.Add({{"term", term}}).Increment(reward);
}

LearnerMetrics::LearnerMetrics(prometheus::Registry& registry)
    : policy_loss(gauge(registry, "quanta_policy_loss", "Policy loss of the last update.")),
      value_loss(gauge(registry, "quanta_value_loss", "Value loss of the last update.")),
      burst_loss(
          gauge(registry, "quanta_burst_loss", "Loss of the burst prediction in the last update.")),
      policy_entropy(gauge(registry, "quanta_policy_entropy_nats",
                           "Entropy of the policy in the last update.")),
      policy_kl(gauge(registry, "quanta_policy_kl_nats",
                      "Divergence of the policy from the one that gathered the samples.")),
      explained_variance(gauge(registry, "quanta_explained_variance_ratio",
                               "Share of the returns' variance that the value head explains.")),
      gradient_norm(gauge(registry, "quanta_gradient_norm",
                          "Norm of the gradient of the last update, before clipping.")),
      updates(counter(registry, "quanta_learner_updates_total", "Updates of the weights.")),
      samples(counter(registry, "quanta_learner_samples_total",
                      "Decisions with their outcome that the learner has used.")),
      left_out(counter(registry, "quanta_learner_left_out_total",
                       "Records not learnt from, as the learner's share of a CPU was used up.")) {}

CheckpointMetrics::CheckpointMetrics(prometheus::Registry& registry, Clock clock)
    : clock_(std::move(clock)),
      last_save_(clock_()),
      age_(gauge(registry, "quanta_checkpoint_age_seconds",
                 "Time since the last successful save, or since the start before the first.")),
      saves_(counter(registry, "quanta_checkpoint_saves_total", "Checkpoints saved.")),
      failures_(counter(registry, "quanta_checkpoint_failures_total",
                        "Checkpoints that could not be saved.")) {}

void CheckpointMetrics::saved() {
  last_save_.store(clock_(), std::memory_order_relaxed);
  saves_.Increment();
}

void CheckpointMetrics::failed() {
  failures_.Increment();
}

void CheckpointMetrics::refresh() const {
  const Nanos now = clock_();
  const Nanos last = last_save_.load(std::memory_order_relaxed);
  age_.Set(now > last ? static_cast<double>(now - last) / 1e9 : 0);
}

DecisionLogMetrics::DecisionLogMetrics(prometheus::Registry& registry)
    : logged(counter(registry, "quanta_decision_log_records_total",
                     "Decisions that were written to the decision log.")),
      lost(counter(registry, "quanta_decision_log_lost_total",
                   "Decisions that the decision log could not take: it is full.")) {}

Nanos Metrics::monotonic() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return static_cast<Nanos>(std::chrono::nanoseconds(now).count());
}

Metrics::Metrics(const BuildInfo& build, const HotMetrics& hot, CheckpointMetrics::Clock clock,
                 EnvCounters environment, More more)
    : hot_(hot),
      environment_(std::move(environment)),
      more_(std::move(more)),
      reward(registry_),
      learner(registry_),
      checkpoint(registry_, std::move(clock)),
      decision_log(registry_),
      uplift(gauge(registry_, "quanta_uplift_over_prior",
                   "Reward per CPU and time of what acts now, less the untrained prior's.")) {
  gauge(registry_, "quanta_build_info", "What runs here; always 1.",
        {{"version", build.version}, {"compiler", build.compiler}, {"env", build.env}})
      .Set(1);
}

std::vector<prometheus::MetricFamily> Metrics::Collect() const {
  checkpoint.refresh();
  std::vector<prometheus::MetricFamily> all = registry_.Collect();
  std::vector<prometheus::MetricFamily> hot = hot_.Collect();
  all.insert(all.end(), std::make_move_iterator(hot.begin()), std::make_move_iterator(hot.end()));
  if (environment_) {
    for (const EnvCounter& counter : environment_()) all.push_back(family_of(counter));
  }
  if (more_) {
    std::vector<prometheus::MetricFamily> more = more_();
    all.insert(all.end(), std::make_move_iterator(more.begin()),
               std::make_move_iterator(more.end()));
  }
  return all;
}

}  // namespace quanta
