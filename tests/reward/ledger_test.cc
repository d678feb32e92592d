// What a machine earns, term by term, on scripts worked by hand.
#include "agent/reward/ledger.h"

#include <gtest/gtest.h>

#include "tests/features/stage.h"
#include "tests/units.h"

namespace quanta {
namespace {

class LedgerScript : public ::testing::Test {
 protected:
  LedgerScript() : stage(2, all_weigh(2)), ledger(stage.tracker, config) {
    stage.tell([&](const Event& e) { ledger.update(e); });
    config.weighing = stage.weights;
    for (TaskId id = 0; id < 4; ++id) stage.appear(0, id, {.weight = 2048});
  }
  double term(RewardTerm t) const { return ledger.mark().terms[static_cast<size_t>(t)]; }

  RewardConfig config;
  Stage stage;
  Ledger ledger;
};

TEST_F(LedgerScript, WaitingIsWeighted) {
  stage.wake(0, 0);
  stage.wake(100, 1);
  stage.start(300, 0);
  stage.start(400, 1, 1);
  EXPECT_DOUBLE_EQ(term(kTermWait), -(2 * 300 + 2 * 300) * kNsPerUs);
  EXPECT_EQ(ledger.runqueue_wait().count(), 2U);
  EXPECT_EQ(ledger.runqueue_wait().sum(), 600 * kMicrosecond);
  EXPECT_EQ(ledger.wakeup_latency().sum(), 600 * kMicrosecond);
}

TEST_F(LedgerScript, LatencyIsOfWakeUpsBeyondTheTarget) {
  stage.wake(0, 0);
  stage.start(1'000, 0);
  EXPECT_EQ(term(kTermLatency), 0);  // on target
  stage.preempt(1'100, 0);
  stage.start(4'000, 0);
  EXPECT_EQ(term(kTermLatency), 0);  // put back
  stage.sleep(4'000, 0);
  stage.wake(5'000, 0);
  stage.start(6'250, 0);
  EXPECT_DOUBLE_EQ(term(kTermLatency), -500 * kNsPerUs);
  EXPECT_EQ(ledger.wakeup_latency().count(), 2U);
  EXPECT_EQ(ledger.runqueue_wait().count(), 3U);
}

TEST_F(LedgerScript, ThroughputIsUsefulTimeByLoadWeight) {
  stage.direct(0, 0, 0);
  stage.start(0, 0);
  stage.stop(500, 0, StopReason::kSliceEnd, 30);
  stage.put_back(500, 0);
  stage.start(500, 0);
  stage.sleep(600, 0);
  EXPECT_DOUBLE_EQ(term(kTermThroughput), 2 * 570 * kNsPerUs);
}

TEST_F(LedgerScript, ASwitchIsToAnotherTaskThanTheLast) {
  stage.direct(0, 0, 0);
  stage.start(0, 0);  // the first
  stage.sleep(10, 0);
  stage.activation(20, 0, 10);     // the same again
  stage.activation(40, 1, 10);     // another
  stage.activation(60, 0, 10, 1);  // the first on the other CPU
  stage.activation(80, 0, 10);     // and back
  EXPECT_EQ(ledger.switches(), 4U);
  EXPECT_DOUBLE_EQ(term(kTermSwitch), -20 * kNsPerUs);
  EXPECT_EQ(ledger.preemptions(), 0U);
  stage.direct(100, 0, 0);
  stage.start(100, 0);
  stage.preempt(110, 0);
  EXPECT_EQ(ledger.preemptions(), 1U);
}

TEST_F(LedgerScript, FairnessIsTimePastThePromise) {
  stage.wake(0, 0);
  const Nanos due_us = stage.tracker.task(0).due / kMicrosecond;
  stage.start(due_us + 70, 0);
  EXPECT_DOUBLE_EQ(term(kTermFairness), -70 * kNsPerUs);
  stage.sleep(due_us + 80, 0);
  stage.activation(due_us + 90, 1, 10);
  EXPECT_DOUBLE_EQ(term(kTermFairness), -70 * kNsPerUs);
}

TEST_F(LedgerScript, SlowdownIsResponseOverCpuTimeInOctaves) {
  stage.wake(0, 0);
  stage.start(500, 0);
  stage.preempt(700, 0);
  stage.start(1'400, 0);
  stage.sleep(1'600, 0);  // 400 us of CPU in 1600 us: two octaves, weight 2, unit 100 us
  EXPECT_NEAR(term(kTermSlowdown), -400 * kNsPerUs, 1);
  stage.activation(2'000, 1, 300);  // undisturbed
  EXPECT_NEAR(term(kTermSlowdown), -400 * kNsPerUs, 1);
}

TEST_F(LedgerScript, ADeadlineIsFromWakeUpToSleep) {
  config.weighing.classes[0].deadline = 2 * kMillisecond;
  stage.wake(0, 0);
  stage.start(500, 0);
  stage.sleep(2'000, 0);
  EXPECT_EQ(term(kTermDeadline), 0);
  stage.wake(3'000, 0);
  stage.start(4'000, 0);
  stage.preempt(4'500, 0);
  stage.start(4'600, 0);
  stage.sleep(5'001, 0);
  EXPECT_DOUBLE_EQ(term(kTermDeadline), -2'000 * kNsPerUs);
}

TEST_F(LedgerScript, RatesArePerCpuAndTimeSinceAMark) {
  config.weight = {0.5, 1, 0, 2, 1, 1, 0};
  stage.wake(0, 0);
  stage.start(100, 0);
  const Ledger::Mark mark = ledger.mark();
  EXPECT_EQ(ledger.rate_since(mark), 0);  // no time has passed
  stage.wake(200, 1);
  stage.start(300, 1, 1);
  stage.sleep(500, 0);
  stage.sleep(500, 1);
  const Terms rates = ledger.rates_since(mark);
  const double time = 2 * 400;  // us
  EXPECT_DOUBLE_EQ(rates[kTermWait], -0.5 * 200 / time);
  EXPECT_DOUBLE_EQ(rates[kTermThroughput], 2.0 * 2 * (400 + 200) / time);
  EXPECT_DOUBLE_EQ(rates[kTermSwitch], -5 / time);
  EXPECT_EQ(rates[kTermSlowdown], 0);
  EXPECT_DOUBLE_EQ(ledger.rate_since(mark), (-100 + 2'400 - 5) / time);
}

TEST_F(LedgerScript, LatenciesCanBeCountedAnew) {
  stage.activation(0, 0, 10);
  ledger.reset_latencies();
  EXPECT_EQ(ledger.runqueue_wait().count(), 0U);
  EXPECT_EQ(ledger.wakeup_latency().count(), 0U);
  EXPECT_EQ(ledger.switches(), 1U);
}

}  // namespace
}  // namespace quanta
