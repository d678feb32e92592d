#include "agent/policy/baselines.h"

#include <gtest/gtest.h>

#include "tests/features/stage.h"
#include "tests/units.h"

namespace quanta {
namespace {

TEST(Fifo, ServesInTheOrderOfArrival) {
  Stage s(1);
  FifoPolicy policy;
  for (TaskId id = 0; id < 3; ++id) s.appear(0, id);
  uint64_t last = 0;
  for (const TaskId id : {2U, 0U, 1U}) {
    s.wake(1, id);
    const Decision d = policy.decide(s.last(), s.tracker);
    EXPECT_EQ(d.task, id);
    EXPECT_TRUE(id == 2 || d.key > last);
    EXPECT_EQ(d.slice, 2 * kMs);
    EXPECT_EQ(d.preempt_cpu, kNoCpu);
    EXPECT_EQ(d.guard, ~Nanos{0});
    last = d.key;
  }
}

TEST(VirtualRuntime, ChargesCpuTimeByWeight) {
  Stage s(1);
  Vruntime vruntime(16, 20 * kMs);
  s.appear(0, 0);
  s.appear(0, 1, {.weight = 2048});
  s.activation(0, 0, 8'000);
  s.activation(10'000, 1, 8'000);
  EXPECT_EQ(vruntime.of(0, s.tracker), 8 * kMs);
  EXPECT_EQ(vruntime.of(1, s.tracker), 4 * kMs);
  EXPECT_EQ(vruntime.of(0, s.tracker), 8 * kMs);  // charged once
}

TEST(VirtualRuntime, BringsASleeperUpToOneLagBehindTheLatest) {
  Stage s(1);
  Vruntime vruntime(16, 20 * kMs);
  s.appear(0, 0);
  s.appear(0, 1);
  s.activation(0, 0, 100'000);
  EXPECT_EQ(vruntime.of(0, s.tracker), 100 * kMs);
  EXPECT_EQ(vruntime.of(1, s.tracker), 80 * kMs);
}

TEST(VirtualRuntime, ForgetsTheSlotsLastTask) {
  Stage s(1);
  Vruntime vruntime(16, 20 * kMs);
  s.appear(0, 0);
  s.activation(0, 0, 15'000);
  EXPECT_EQ(vruntime.of(0, s.tracker), 15 * kMs);
  s.exit(15'000, 0);
  s.appear(16'000, 0);
  EXPECT_EQ(vruntime.of(0, s.tracker), 0U);
}

TEST(DeadlineRule, AddsTheRunSinceTheLastSleepAndSharesTheSlice) {
  Stage s(1);
  DeadlinePolicy policy(16);
  for (TaskId id = 0; id < 3; ++id) s.appear(0, id);
  s.wake(0, 0);
  EXPECT_EQ(policy.decide(s.last(), s.tracker).slice, 10 * kMs);  // 20 ms over 1 + 1
  s.start(0, 0);
  s.preempt(3'000, 0);
  const Decision d = policy.decide(s.last(), s.tracker);
  EXPECT_EQ(d.key, 6 * kMs);  // 3 ms of vruntime, 3 ms since it slept
  s.wake(3'000, 1);
  s.wake(3'000, 2);
  EXPECT_EQ(policy.decide(s.last(), s.tracker).slice, 5 * kMs);
  EXPECT_EQ(d.preempt_cpu, kNoCpu);
}

TEST(Heuristic, PreemptsTheLatestDeadlineBeyondAMargin) {
  const struct {
    Nanos ran_us;  // how long the other had run when task 0 woke
    const char* comm;
    CpuId preempted;
  } cases[] = {{101, "other", 0}, {100, "other", kNoCpu}, {5'000, "me", kNoCpu}};
  for (const auto& c : cases) {
    Stage s(1);
    HeuristicPolicy policy(16);
    s.appear(0, 0, {.comm = "me"});
    s.appear(0, 1, {.comm = c.comm});
    s.wake(0, 1);
    policy.decide(s.last(), s.tracker);
    s.start(0, 1);
    s.wake(c.ran_us, 0);
    const Decision d = policy.decide(s.last(), s.tracker);
    EXPECT_EQ(d.preempt_cpu, c.preempted) << c.ran_us << c.comm;
    EXPECT_EQ(d.slice, kMs);
  }
}

TEST(Clairvoyant, ActsOnTheTruth) {
  class Truth final : public BurstOracle {
   public:
    Nanos remaining(TaskId) const override { return 300 * kUs; }
  } truth;
  Stage s(1, all_weigh(1));
  IndexConfig config;
  ClairvoyantPolicy clairvoyant(config, truth);
  IndexPolicy index(config);
  s.appear(0, 0);
  s.wake(0, 0);
  EXPECT_EQ(clairvoyant.decide(s.last(), s.tracker).key, 2'400 * kUs);
  EXPECT_EQ(index.decide(s.last(), s.tracker).key, 8 * kMs);
}

}  // namespace
}  // namespace quanta
