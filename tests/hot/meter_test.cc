// What the meter counts is what the machine did.
#include <gtest/gtest.h>

#include "agent/run/hot_side.h"
#include "env/sim/load_file.h"
#include "env/sim/sim_env.h"

namespace quanta {
namespace {

class MeterTest : public ::testing::Test {
 protected:
  MeterTest()
      : load_(read_load(QUANTA_SOURCE_DIR "/configs/workloads/game_build.yaml").value()),
        env_(config_.sim.machine, load_, SimScheduler::kExt, 2 * kSecond),
        hot_(config_, env_) {
    while (!env_.finished()) {
      hot_.loop.step();
      hot_.queue.consume_all([](const Record&) {});
    }
  }

  const HotCounters& counters() const { return hot_.metrics.counters; }

  Config config_;
  Load load_;
  SimEnv env_;
  HotSide hot_;
};

TEST_F(MeterTest, EveryDecisionHasItsReason) {
  uint64_t sum = 0;
  for (const HotCounter& reason : counters().decisions) {
    EXPECT_GT(reason.value(), 0U);
    sum += reason.value();
  }
  EXPECT_EQ(sum, hot_.loop.decisions());
  EXPECT_EQ(hot_.metrics.slice.state().count(), sum);
}

TEST_F(MeterTest, TimesOneDecisionIn64) {
  EXPECT_EQ(hot_.metrics.decision_duration.state().count(), hot_.loop.decisions() / 64);
  EXPECT_GT(hot_.metrics.decision_duration.state().sum, 0U);
}

TEST_F(MeterTest, WaitsAndPreemptionsAreTheLedgers) {
  EXPECT_EQ(hot_.metrics.wakeup_latency.state().count(), hot_.ledger.wakeup_latency().count());
  EXPECT_EQ(hot_.metrics.wakeup_latency.state().sum, hot_.ledger.wakeup_latency().sum());
  EXPECT_EQ(hot_.metrics.runqueue_wait.state().sum, hot_.ledger.runqueue_wait().sum());
  EXPECT_EQ(counters().preemptions.value(), hot_.ledger.preemptions());
  const Terms terms = hot_.ledger.mark().terms;
  for (size_t i = 0; i < kTerms; ++i) EXPECT_EQ(hot_.meter.term(i), terms[i]);
}

TEST_F(MeterTest, LevelsAreTheTrackers) {
  EXPECT_EQ(counters().tasks.value(), hot_.tracker.tasks());
  EXPECT_EQ(counters().runnable_tasks.value(), hot_.tracker.runnable());
  EXPECT_EQ(counters().env_time.value(), hot_.tracker.now());
  EXPECT_EQ(counters().records_dropped.value(), 0U);
}

}  // namespace
}  // namespace quanta
