#include "env/sim/replay_env.h"

#include <gtest/gtest.h>

#include <map>

#include "tests/sim/harness.h"

namespace quanta {
namespace {

std::vector<Op> napping() {
  return {ops::run(constant(kMillisecond)), ops::sleep(constant(kMillisecond)), ops::jump(0)};
}

// A task that computes 1 ms and sleeps 1 ms, and one that only computes.
Load small_load() {
  TestLoad load;
  load.task("nap", napping());
  load.task("hog", {ops::run(constant(kSecond)), ops::jump(0)});
  return load.take();
}

struct Seen {
  std::map<EventKind, int> kinds;
  Nanos last = 0;
  int alive = 0;
};

void play(ReplayEnv& env, Nanos until, Seen& seen) {
  std::array<Event, 16> events;
  while (env.now() < until) {
    const size_t n = env.poll(events);
    if (n == 0) break;
    std::vector<Decision> decisions;
    for (const Event& e : std::span(events).first(n)) {
      EXPECT_GE(e.time, seen.last);
      seen.last = e.time;
      ++seen.kinds[e.kind];
      seen.alive += e.kind == EventKind::kNew ? 1 : e.kind == EventKind::kExit ? -1 : 0;
      if (e.kind == EventKind::kEnqueue) decisions.push_back(first_come(e));
    }
    env.dispatch(decisions);
  }
}

TEST(ReplayEnv, HasNothingToSayBeforeThereIsALoad) {
  ReplayEnv env(1, 8);
  std::array<Event, 4> events;
  EXPECT_EQ(env.poll(events), 0U);
  EXPECT_EQ(env.performances(), 0U);
}

TEST(ReplayEnv, PlaysOverAndOverAndTimeGoesOn) {
  ReplayEnv env(1, 8);
  env.play(free_machine(1), small_load(), 100 * kMillisecond);
  Seen seen;
  play(env, 1050 * kMillisecond, seen);
  EXPECT_EQ(env.performances(), 11U);
  EXPECT_EQ(seen.kinds[EventKind::kNew], 22);
  EXPECT_EQ(seen.kinds[EventKind::kExit], 20);
  EXPECT_EQ(seen.alive, 2);
  // Whoever ran at the end of a performance has stopped.
  const int running = seen.kinds[EventKind::kStart] - seen.kinds[EventKind::kStop];
  EXPECT_GE(running, 0);
  EXPECT_LE(running, 1);
}

TEST(ReplayEnv, ANewLoadIsPlayedAfterTheOneThatRuns) {
  ReplayEnv env(1, 8);
  env.play(free_machine(1), small_load(), 100 * kMillisecond);
  Seen seen;
  play(env, 50 * kMillisecond, seen);
  TestLoad alone;
  alone.task("one", napping());
  env.play(free_machine(1), alone.take(), 100 * kMillisecond);
  play(env, 90 * kMillisecond, seen);
  EXPECT_EQ(seen.alive, 2);
  play(env, 150 * kMillisecond, seen);
  EXPECT_EQ(seen.alive, 1);
}

TEST(StartDelay, AnIdleCpuTakesItsTimeAndWorkTakesAsLongAsEver) {
  MachineConfig config = free_machine(1);
  config.idle_delay.fill(30 * kMicrosecond);
  TestLoad load;
  load.task("nap", napping());
  SimEnv env(config, load.take(), SimScheduler::kExt, 100 * kMillisecond);
  std::array<Event, 16> events;
  while (!env.finished()) {
    const size_t n = env.poll(events);
    for (const Event& e : std::span(events).first(n)) {
      if (e.kind == EventKind::kStop) {
        EXPECT_EQ(e.ran, kMillisecond);
      }
    }
  }
  const GroupStats& stats = env.machine().stats()[0];
  EXPECT_EQ(stats.wakeup.count(), 49U);
  EXPECT_NEAR(stats.wakeup.quantile(0.5), 30'000, 1'000);
  EXPECT_EQ(stats.wakeup.sum(), 49 * (30 * kMicrosecond));
}

}  // namespace
}  // namespace quanta
