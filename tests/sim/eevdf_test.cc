// EEVDF as a model of the kernel's scheduler: sequences worked out by hand, shares and latencies.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "tests/sim/harness.h"
#include "tests/units.h"

namespace quanta {
namespace {

using testing::ElementsAre;

std::vector<std::string> sequence(const Load& load, Nanos duration, size_t most) {
  SimEnv env(free_machine(1), load, SimScheduler::kEevdf, duration);
  std::vector<std::string> out = runs(env, quanta::run(env));
  out.resize(std::min(out.size(), most));
  return out;
}

// CPU time of each listed task.
std::map<std::string, double> shares(const Load& load, int cpus, Nanos duration) {
  SimEnv env(MachineConfig{.cpus = cpus}, load, SimScheduler::kEevdf, duration);
  quanta::run(env);
  std::map<std::string, double> out;
  for (TaskId id = 0; id < env.max_tasks(); ++id) {
    out[comm(env, id)] =
        static_cast<double>(env.machine().task(id).cpu_time) / static_cast<double>(duration);
  }
  return out;
}

// One CPU has a base slice of 0.7 ms.
TEST(EevdfTest, EqualTasksTakeTurnsOfOneSlice) {
  TestLoad load;
  load.hogs(3);
  EXPECT_THAT(sequence(load.take(), 6 * kMs, 6),
              ElementsAre("hog0 700", "hog1 700", "hog2 700", "hog0 700", "hog1 700", "hog2 700"));
}

// Weights 1 and 2, in units of 0.7 ms of virtual time (v, deadline, V after each slice):
//   light runs 1.0: v 1, d 2;  heavy v 0, d .5; V .33: heavy is eligible
//   heavy runs to v .5 (d 1, V .67), to v 1 (d 1.5, V 1: both eligible, heavy is due first),
//   to v 1.5 (d 2, V 1.33: only light is eligible): 2.1 ms in one go
//   light runs to v 2 (d 3, V 1.67); heavy to v 2 (d 2.5, V 2), to v 2.5 (V 2.33): 1.4 ms; and so
//   on.
TEST(EevdfTest, EarliestEligibleVirtualDeadlineRunsFirst) {
  TestLoad test;
  test.task("light", {ops::run(constant(kSecond)), ops::jump(0)});
  test.task("heavy", {ops::run(constant(kSecond)), ops::jump(0)});
  Load load = test.take();
  load.programs[1].weight = 2 * kNiceZeroWeight;
  EXPECT_THAT(sequence(load, 20 * kMs, 7),
              ElementsAre("light 700", "heavy 2100", "light 700", "heavy 1400", "light 700",
                          "heavy 1400", "light 700"));
}

TEST(EevdfTest, WithoutHrtickASliceEndsOnTheTick) {
  TestLoad test;
  test.hogs(2);
  MachineConfig config = free_machine(1);
  config.hrtick = false;
  SimEnv env(config, test.take(), SimScheduler::kEevdf, 17 * kMs);
  EXPECT_THAT(runs(env, quanta::run(env)),
              ElementsAre("hog0 4000", "hog1 4000", "hog0 4000", "hog1 4000"));
}

TEST(EevdfTest, EqualHogsGetEqualShares) {
  for (const auto& [cpus, hogs] : {std::pair{1, 5}, std::pair{4, 8}, std::pair{4, 16}}) {
    TestLoad load;
    load.hogs(hogs);
    const double fair = static_cast<double>(cpus) / hogs;
    for (const auto& [name, share] : shares(load.take(), cpus, 10 * kSecond)) {
      EXPECT_NEAR(share, fair, 0.02 * fair) << name << " of " << hogs << " on " << cpus;
    }
  }
}

TEST(EevdfTest, SharesFollowNiceValues) {
  TestLoad load;
  double total = 0;
  const std::pair<const char*, int> tasks[] = {{"nice-5", -5}, {"nice0", 0}, {"nice5", 5}};
  for (const auto& [name, nice] : tasks) {
    load.traits().nice = nice;
    load.task(name, {ops::run(constant(10 * kMs)), ops::jump(0)});
    total += nice_to_weight(nice);
  }
  auto got = shares(load.take(), 1, 10 * kSecond);
  for (const auto& [name, nice] : tasks) {
    const double fair = nice_to_weight(nice) / total;
    EXPECT_NEAR(got[name], fair, 0.05 * fair) << name;
  }
}

TEST(EevdfTest, ALateComerDoesNotCatchUpOnTimeBeforeItCame) {
  TestLoad load;
  load.hogs(1);
  load.task("late", {ops::sleep(constant(5 * kSecond)), ops::run(constant(kSecond)), ops::jump(1)});
  auto got = shares(load.take(), 1, 10 * kSecond);
  EXPECT_NEAR(got["late"], 0.25, 0.01);
}

TEST(EevdfTest, ASleeperWaitsAtMostAboutOneSlicePerCompetitor) {
  TestLoad load;
  load.hogs(3);
  load.task("sleeper",
            {ops::run(constant(100 * kMicrosecond)), ops::sleep(constant(10 * kMs)), ops::jump(0)});
  SimEnv env(MachineConfig{.cpus = 1}, load.take(), SimScheduler::kEevdf, 10 * kSecond);
  quanta::run(env);
  const Histogram& wakeup = env.machine().stats()[0].wakeup;
  EXPECT_GT(wakeup.count(), 700U);
  EXPECT_LT(wakeup.quantile(0.99), 3 * (700 * kMicrosecond));
}

TEST(EevdfTest, IdleCpusPullWaitingTasks) {
  TestLoad load;
  load.hogs(3);
  load.task("short", {ops::run(constant(100 * kMs)), ops::op(OpKind::kExit)});
  load.task("short", {ops::run(constant(100 * kMs)), ops::op(OpKind::kExit)});
  SimEnv env(MachineConfig{.cpus = 3}, load.take(), SimScheduler::kEevdf, kSecond);
  quanta::run(env);
  const GroupStats& all = env.machine().stats()[0];
  EXPECT_GT(all.work + all.overhead, 3 * kSecond - 15 * kMs);
}

}  // namespace
}  // namespace quanta
