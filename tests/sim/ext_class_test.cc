// How the agent's decisions become schedules: one CPU, no costs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sim/harness.h"
#include "tests/units.h"

namespace quanta {
namespace {

using ops::jump;
using ops::op;
using ops::run;
using ops::sleep;
using testing::ElementsAre;

// The tasks a, b, c wake at 1, 2, 3 ms, while `busy` runs from 0 to 10 ms, and run for 1 ms each.
struct LateTasks {
  MachineConfig config = free_machine(1);
  std::vector<Event> events;
  std::unique_ptr<SimEnv> env;

  // `agent` decides about the late tasks only.
  void play(const Agent& agent) {
    TestLoad load;
    for (Nanos i = 1; i <= 3; ++i) {
      load.task(std::string(1, static_cast<char>('a' + i - 1)),
                {sleep(constant(i * kMs)), run(constant(kMs)), op(OpKind::kExit)});
    }
    load.task("busy", {run(constant(10 * kMs)), op(OpKind::kExit)});
    env = std::make_unique<SimEnv>(config, load.take(), SimScheduler::kExt, 20 * kMs);
    events = quanta::run(*env, [&](const Event& e) {
      return comm(*env, e.task) == "busy" || e.time < kMs ? decide(e, 50, 20 * kMs) : agent(e);
    });
  }
  std::vector<std::string> order() const {  // of the runs that took time
    std::vector<std::string> out;
    for (const Event& e : of_kind(events, EventKind::kStop)) {
      if (e.ran > 0) out.push_back(comm(*env, e.task));
    }
    return out;
  }
};

TEST(ExtClassTest, TheSmallestKeyRunsFirst) {
  LateTasks t;
  t.play([](const Event& e) { return decide(e, 100 - e.time / kMs); });
  EXPECT_THAT(t.order(), ElementsAre("busy", "c", "b", "a"));
}

TEST(ExtClassTest, EqualKeysRunInOrderOfDecision) {
  LateTasks t;
  t.play([](const Event& e) { return decide(e, 7); });
  EXPECT_THAT(t.order(), ElementsAre("busy", "a", "b", "c"));
}

TEST(ExtClassTest, AfterItsGuardATaskGoesBeforeEveryKeyAndTheEarliestGuardFirst) {
  LateTasks t;
  t.play([](const Event& e) {
    Decision d = decide(e, e.time);
    if (e.time >= 2 * kMs) d.guard = 12 * kMs - e.time;  // b: 10 ms, c: 9 ms
    return d;
  });
  EXPECT_THAT(t.order(), ElementsAre("busy", "c", "b", "a"));
}

TEST(ExtClassTest, AGuardStillInTheFutureDoesNotCount) {
  LateTasks t;
  t.play([](const Event& e) {
    Decision d = decide(e, e.time);
    if (e.time >= 3 * kMs) d.guard = 11 * kMs + 1;
    return d;
  });
  EXPECT_THAT(t.order(), ElementsAre("busy", "a", "b", "c"));
}

TEST(ExtClassTest, PreemptingPutsTheTaskInPlaceOfTheVictimAtOnce) {
  LateTasks t;
  t.play([](const Event& e) {
    Decision d = decide(e, 100);
    if (e.time == 2 * kMs) d.preempt_cpu = 0;
    return d;
  });
  // The victim's own key (50) brings it back before the others.
  EXPECT_THAT(t.order(), ElementsAre("busy", "b", "busy", "a", "c"));
  const std::vector<Event> stops = of_kind(t.events, EventKind::kStop);
  const auto victim = std::find_if(stops.begin(), stops.end(), [](const Event& e) {
    return e.reason == StopReason::kPreempted;
  });
  ASSERT_NE(victim, stops.end());
  EXPECT_EQ(victim->time, 2 * kMs);
  EXPECT_EQ(t.env->machine().stats()[0].preempted, 1U);
}

TEST(ExtClassTest, ADecisionTakesEffectAfterTheDispatchLatency) {
  LateTasks t;
  t.config.dispatch_latency = 300 * kMicrosecond;
  t.play([](const Event& e) {
    Decision d = decide(e, 0);
    d.preempt_cpu = e.time == kMs ? int16_t{0} : d.preempt_cpu;
    return d;
  });
  const std::vector<Event> starts = of_kind(t.events, EventKind::kStart);
  EXPECT_TRUE(std::any_of(starts.begin(), starts.end(), [&](const Event& e) {
    return comm(*t.env, e.task) == "a" && e.time == kMs + 300 * kMicrosecond;
  }));
}

TEST(ExtClassTest, ASliceEndsOnlyWhereSomebodyWaits) {
  for (const int hogs : {1, 2}) {
    TestLoad load;
    load.hogs(hogs);
    SimEnv env(free_machine(1), load.take(), SimScheduler::kExt, 100 * kMs);
    const std::vector<Event> events = quanta::run(
        env, [](const Event& e) { return decide(e, e.time, static_cast<uint32_t>(kMs)); });
    const std::vector<Event> stops = of_kind(events, EventKind::kStop);
    if (hogs == 1) {
      EXPECT_THAT(stops, testing::IsEmpty());
      continue;
    }
    ASSERT_GT(stops.size(), 90U);
    for (size_t i = 1; i < stops.size(); ++i) {
      EXPECT_EQ(stops[i].reason, StopReason::kSliceEnd);
      EXPECT_EQ(stops[i].ran, kMs);
    }
  }
}

TEST(ExtClassTest, AnIdleCpuIsUsedAtOnceWithoutADecision) {
  TestLoad load;
  load.hogs(2);
  SimEnv env(free_machine(2), load.take(), SimScheduler::kExt, 10 * kMs);
  const std::vector<Event> events = quanta::run(env);
  EXPECT_THAT(of_kind(events, EventKind::kEnqueue), testing::IsEmpty());
  EXPECT_EQ(of_kind(events, EventKind::kWake).size(), 2U);
}

TEST(ExtClassTest, StaleAndRepeatedDecisionsAreDroppedAndCounted) {
  TestLoad load;
  load.hogs(2);
  SimEnv env(free_machine(1), load.take(), SimScheduler::kExt, 50 * kMs);
  std::vector<Event> batch(64);
  uint64_t dropped = 0;
  TaskId running = kNoTask;
  while (!env.finished()) {
    const size_t n = env.poll(batch);
    std::vector<Decision> decisions;
    for (size_t i = 0; i < n; ++i) {
      const Event& e = batch[i];
      if (e.kind == EventKind::kStart) {
        EXPECT_NE(running, e.task);
        running = e.task;
      }
      if (e.kind == EventKind::kStop) running = kNoTask;
      if (e.kind != EventKind::kEnqueue) continue;
      decisions.push_back(decide(e, e.time));
      decisions.push_back(decide(e, 0));  // once more
      decisions.push_back(decide(e, 0));
      --decisions.back().generation;  // of an enqueue that is over
      dropped += 2;
    }
    env.dispatch(decisions);
    EXPECT_EQ(env.stale_decisions(), dropped);
  }
  EXPECT_GT(dropped, 40U);
}

}  // namespace
}  // namespace quanta
