#include "agent/metrics/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <prometheus/text_serializer.h>
#include <sstream>
#include <thread>

namespace quanta {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;
using ::testing::Not;

std::vector<std::string> lines_of(const Metrics& metrics) {
  std::istringstream text(prometheus::TextSerializer().Serialize(metrics.Collect()));
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

struct Fixture {
  HotMetrics hot;
  Nanos now = 5 * kSecond;
  Metrics metrics{BuildInfo{.env = "sim"}, hot, [this] { return now; }};
};

TEST(Metrics, ShowWhatTheHotThreadCounts) {
  Fixture f;
  HotCounters& c = f.hot.counters;
  c.decided(DecisionReason::kWoken).add(3);
  c.decided(DecisionReason::kSliceEnd).add(2);
  c.decided(DecisionReason::kPreempted).add();
  c.direct_dispatches.add(10);
  c.preemptions.add(11);
  c.context_switches.add(12);
  c.records_dropped.add(13);
  c.stale_decisions.set(14);
  c.weight_swaps.add(15);
  c.minor_faults.set(16);
  c.major_faults.set(17);
  c.policy_version.set(18);
  c.tasks.set(19);
  c.runnable_tasks.set(20);
  c.env_time.set(1'500 * kMillisecond);
  EXPECT_THAT(
      lines_of(f.metrics),
      IsSupersetOf(
          {"quanta_decisions_total{reason=\"wakeup\"} 3",
           "quanta_decisions_total{reason=\"slice_end\"} 2",
           "quanta_decisions_total{reason=\"preempted\"} 1", "quanta_direct_dispatches_total 10",
           "quanta_preemptions_total 11", "quanta_context_switches_total 12",
           "quanta_records_dropped_total 13", "quanta_stale_decisions_total 14",
           "quanta_weight_swaps_total 15", "quanta_hot_thread_page_faults_total{kind=\"minor\"} 16",
           "quanta_hot_thread_page_faults_total{kind=\"major\"} 17", "quanta_policy_version 18",
           "quanta_tasks 19", "quanta_runnable_tasks 20", "quanta_env_time_seconds 1.5"}));
}

TEST(Metrics, ShowHistogramsInSecondsWithExactCounts) {
  Fixture f;
  for (const Nanos value : {1'024, 1'025, 1'000'000'000}) f.hot.wakeup_latency.record(value);
  f.hot.decision_duration.record(24);
  f.hot.decision_duration.record(25);
  f.hot.slice.record(2 * kMillisecond);
  f.hot.runqueue_wait.record(30 * kSecond);  // above the last bound
  EXPECT_THAT(lines_of(f.metrics),
              IsSupersetOf({"quanta_wakeup_latency_seconds_count 3",
                            "quanta_wakeup_latency_seconds_sum 1.000002049",
                            "quanta_wakeup_latency_seconds_bucket{le=\"1.024e-06\"} 1",
                            "quanta_wakeup_latency_seconds_bucket{le=\"2.048e-06\"} 2",
                            "quanta_wakeup_latency_seconds_bucket{le=\"1.073741824\"} 3",
                            "quanta_wakeup_latency_seconds_bucket{le=\"+Inf\"} 3",
                            "quanta_decision_duration_seconds_bucket{le=\"2.4e-08\"} 1",
                            "quanta_decision_duration_seconds_bucket{le=\"4.8e-08\"} 2",
                            "quanta_slice_seconds_sum 0.002",
                            "quanta_runqueue_wait_seconds_bucket{le=\"17.179869184\"} 0",
                            "quanta_runqueue_wait_seconds_bucket{le=\"+Inf\"} 1"}));
}

TEST(Metrics, ShowWhatTheLearnerDoes) {
  Fixture f;
  LearnerMetrics& learner = f.metrics.learner;
  learner.policy_loss.Set(-0.5);
  learner.value_loss.Set(1);
  learner.burst_loss.Set(2);
  learner.policy_entropy.Set(3);
  learner.policy_kl.Set(4);
  learner.explained_variance.Set(0.75);
  learner.gradient_norm.Set(5);
  learner.updates.Increment();
  learner.samples.Increment(256);
  f.metrics.uplift.Set(0.25);
  f.metrics.reward.mean.Set(-2);
  EXPECT_THAT(lines_of(f.metrics),
              IsSupersetOf({"quanta_policy_loss -0.5", "quanta_value_loss 1", "quanta_burst_loss 2",
                            "quanta_policy_entropy_nats 3", "quanta_policy_kl_nats 4",
                            "quanta_explained_variance_ratio 0.75", "quanta_gradient_norm 5",
                            "quanta_learner_updates_total 1", "quanta_learner_samples_total 256",
                            "quanta_uplift_over_prior 0.25", "quanta_reward_mean -2"}));
}

TEST(Metrics, ARewardTermMayFall) {
  Fixture f;
  f.metrics.reward.add("switch", 1.5);
  f.metrics.reward.add("switch", -4);
  f.metrics.reward.add("wait", 1);
  EXPECT_THAT(lines_of(f.metrics), IsSupersetOf({"# TYPE quanta_reward_cumulative gauge",
                                                 "quanta_reward_cumulative{term=\"switch\"} -2.5",
                                                 "quanta_reward_cumulative{term=\"wait\"} 1"}));
}

TEST(Metrics, ACheckpointAgesFromTheStartAndFromEachSave) {
  Fixture f;
  f.now += 2 * kSecond;
  f.metrics.checkpoint.failed();
  EXPECT_THAT(lines_of(f.metrics),
              IsSupersetOf({"quanta_checkpoint_age_seconds 2", "quanta_checkpoint_saves_total 0",
                            "quanta_checkpoint_failures_total 1"}));
  f.metrics.checkpoint.saved();
  f.now += kSecond / 2;
  EXPECT_THAT(lines_of(f.metrics), IsSupersetOf({"quanta_checkpoint_age_seconds 0.5",
                                                 "quanta_checkpoint_saves_total 1"}));
}

TEST(Metrics, SayWhatRuns) {
  Fixture f;
  EXPECT_THAT(lines_of(f.metrics),
              Contains(AllOf(HasSubstr("quanta_build_info{"), HasSubstr("env=\"sim\""),
                             HasSubstr("compiler=\""),
                             HasSubstr("version=\"" + std::string(version()) + "\""))));
}

TEST(Metrics, NeverNameATask) {
  Fixture f;
  f.metrics.reward.add("switch", 1);
  for (const std::string& line : lines_of(f.metrics)) {
    EXPECT_THAT(line, AllOf(Not(HasSubstr("pid=")), Not(HasSubstr("comm="))));
  }
}

TEST(Metrics, MayBeCollectedWhileTheyChange) {
  Fixture f;
  std::atomic<bool> done{false};
  std::thread hot([&] {
    while (!done) {
      f.hot.counters.decided(DecisionReason::kWoken).add();
      f.hot.slice.record(kMillisecond);
    }
  });
  std::thread learner([&] {
    while (!done) {
      f.metrics.reward.add("switch", 1);
      f.metrics.checkpoint.saved();
      f.metrics.learner.updates.Increment();
    }
  });
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(f.metrics.Collect().empty());
  done = true;
  hot.join();
  learner.join();
}

}  // namespace
}  // namespace quanta
