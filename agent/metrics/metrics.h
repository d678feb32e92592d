// All metrics of the agent, as Prometheus sees them; names and meaning are in metrics.cc and
// hot_collector.cc.
//
// What the hot thread counts is in HotMetrics; the rest is updated by cold threads through the
// groups here. Updates are thread-safe and lock-free but for RewardMetrics::add. Base units are
// seconds.
#pragma once

#include <prometheus/collectable.h>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "agent/metrics/build_info.h"
#include "agent/metrics/hot_collector.h"
#include "env/env.h"

namespace quanta {

class RewardMetrics {
 public:
  explicit RewardMetrics(prometheus::Registry& registry);
  // One term's share of a reward, which may be negative.
  void add(const std::string& term, double reward);

  prometheus::Gauge& mean;

 private:
  prometheus::Family<prometheus::Gauge>& cumulative_;
};

struct LearnerMetrics {
  explicit LearnerMetrics(prometheus::Registry& registry);

  prometheus::Gauge& policy_loss;
  prometheus::Gauge& value_loss;
  prometheus::Gauge& burst_loss;
  prometheus::Gauge& policy_entropy;  // nats
  prometheus::Gauge& policy_kl;       // nats
  prometheus::Gauge& explained_variance;
  prometheus::Gauge& gradient_norm;
  prometheus::Counter& updates;
  prometheus::Counter& samples;
  prometheus::Counter& left_out;
};

class CheckpointMetrics {
 public:
  using Clock = std::function<Nanos()>;  // thread-safe

  CheckpointMetrics(prometheus::Registry& registry, Clock clock);
  void saved();
  void failed();
  void refresh() const;  // brings the age up to date

 private:
  Clock clock_;
  std::atomic<Nanos> last_save_;  // or the start, before the first
  prometheus::Gauge& age_;
  prometheus::Counter& saves_;
  prometheus::Counter& failures_;
};

struct DecisionLogMetrics {
  explicit DecisionLogMetrics(prometheus::Registry& registry);

  prometheus::Counter& logged;
  prometheus::Counter& lost;
};

class Metrics final : public prometheus::Collectable {
 public:
  // The machine's monotonic clock: a checkpoint's age matters to people, not to the environment.
  static Nanos monotonic();

  // What the environment counts, if anything. Thread-safe.
  using EnvCounters = std::function<std::vector<EnvCounter>()>;

  // What somebody else shows when asked. Thread-safe.
  using More = std::function<std::vector<prometheus::MetricFamily>()>;

  // `hot` outlives this.
  Metrics(const BuildInfo& build, const HotMetrics& hot, CheckpointMetrics::Clock clock = monotonic,
          EnvCounters environment = {}, More more = {});

  std::vector<prometheus::MetricFamily> Collect() const override;

  // For what only some runs have to show.
  prometheus::Registry& registry() { return registry_; }

 private:
  prometheus::Registry registry_;
  HotCollector hot_;
  EnvCounters environment_;
  More more_;

 public:
  RewardMetrics reward;
  LearnerMetrics learner;
  CheckpointMetrics checkpoint;
  DecisionLogMetrics decision_log;
  // Reward per CPU and time of what acts now, less the untrained prior's, by switchback.
  prometheus::Gauge& uplift;
};

}  // namespace quanta
