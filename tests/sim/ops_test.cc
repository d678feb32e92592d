// What each operation of a program does, on a machine without costs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sim/harness.h"
#include "tests/units.h"

namespace quanta {
namespace {

using ops::jump;
using ops::op;
using ops::period;
using ops::post;
using ops::post_sync;
using ops::run;
using ops::sleep;
using ops::wait;
using testing::ElementsAre;

struct Outcome {
  std::vector<Event> events;
  std::unique_ptr<SimEnv> env;
  const GroupStats& stats() const { return env->machine().stats()[0]; }
};

Outcome play(TestLoad& load, Nanos duration, int cpus = 1) {
  auto env =
      std::make_unique<SimEnv>(free_machine(cpus), load.take(), SimScheduler::kExt, duration);
  std::vector<Event> events = quanta::run(*env);
  return {std::move(events), std::move(env)};
}

TEST(OpsTest, RunTakesCpuTimeAndSleepTakesNone) {
  TestLoad load;
  load.task("a", {run(constant(300 * kUs)), sleep(constant(700 * kUs)), jump(0)});
  const Outcome o = play(load, 10 * kMs - 1);
  EXPECT_THAT(runs(*o.env, o.events), testing::Each("a 300"));
  EXPECT_EQ(of_kind(o.events, EventKind::kStop).size(), 10U);
  EXPECT_EQ(o.stats().work, 3 * kMs);
}

TEST(OpsTest, PeriodReleasesAtItsMultiples) {
  TestLoad load;
  load.task("a", {run(constant(300 * kUs)), op(OpKind::kEnd), period(constant(kMs)), jump(0)});
  const Outcome o = play(load, 5 * kMs - 1);
  std::vector<Nanos> starts;
  for (const Event& e : of_kind(o.events, EventKind::kStart)) starts.push_back(e.time);
  EXPECT_THAT(starts, ElementsAre(0, kMs, 2 * kMs, 3 * kMs, 4 * kMs));
  EXPECT_EQ(o.stats().done, 5U);
  EXPECT_EQ(o.stats().misses, 0U);
  EXPECT_EQ(o.stats().response.max(), 300 * kUs);
}

TEST(OpsTest, AnOverrunSkipsPeriodsAndCountsThemAsMisses) {
  TestLoad load;
  load.task("a", {run(constant(2500 * kUs)), op(OpKind::kEnd), period(constant(kMs)), jump(0)});
  const Outcome o = play(load, 9 * kMs - 1);
  std::vector<Nanos> starts;
  for (const Event& e : of_kind(o.events, EventKind::kStart)) starts.push_back(e.time);
  EXPECT_THAT(starts, ElementsAre(0, 3 * kMs, 6 * kMs));
  EXPECT_EQ(o.stats().misses, 6U);
}

TEST(OpsTest, WaitTakesOverTheStampSoThatResponseSpansThePipeline) {
  TestLoad load;
  const uint32_t channel = load.channel();
  load.task("first", {period(constant(10 * kMs)), run(constant(kMs)), post_sync(channel), jump(0)});
  load.task("second", {wait(channel), run(constant(2 * kMs)), op(OpKind::kEnd), jump(0)});
  const Outcome o = play(load, 35 * kMs);
  EXPECT_EQ(o.stats().done, 3U);
  EXPECT_EQ(o.stats().response.max(), 3 * kMs);
}

TEST(OpsTest, MessagesArePassedInOrderAndOneWakesOneWaiter) {
  TestLoad load;
  const uint32_t channel = load.channel();
  for (const char* name : {"w0", "w1"}) {
    load.task(name, {wait(channel), run(constant(100 * kUs)), op(OpKind::kDone), jump(0)});
  }
  load.task("sender", {sleep(constant(kMs)), post(channel), jump(0)});
  const Outcome o = play(load, 3500 * kUs);
  EXPECT_THAT(runs(*o.env, o.events), ElementsAre("w0 0", "w1 0", "sender 0", "sender 0", "w0 100",
                                                  "sender 0", "w1 100", "sender 0", "w0 100"));
  EXPECT_EQ(o.stats().done, 3U);
}

TEST(OpsTest, AChannelHoldsItsFirstMessagesFromTheStart) {
  TestLoad load;
  const uint32_t room = load.channel(3);
  load.task("a", {wait(room), run(constant(kMs)), op(OpKind::kDone), jump(0)});
  EXPECT_EQ(play(load, 10 * kMs).stats().done, 3U);
}

TEST(OpsTest, AFirstMessageHasNobodyToReplyTo) {
  TestLoad load;
  const uint32_t room = load.channel(1);
  load.task("bystander", {op(OpKind::kWaitOwn), op(OpKind::kDone), jump(0)});
  load.task("a", {wait(room), op(OpKind::kReply), jump(0)});
  EXPECT_EQ(play(load, kMs).stats().done, 0U);
}

TEST(OpsTest, ReplyWakesTheSenderSynchronously) {
  TestLoad load;
  const uint32_t channel = load.channel();
  load.task("server", {wait(channel), run(constant(kMs)), op(OpKind::kReply), jump(0)});
  load.task("client", {sleep(constant(kMs)), op(OpKind::kBegin), post(channel),
                       op(OpKind::kWaitOwn), op(OpKind::kEnd), jump(0)});
  const Outcome o = play(load, 10500 * kUs);
  EXPECT_EQ(o.stats().done, 5U);
  EXPECT_EQ(o.stats().response.max(), kMs);
  size_t replies = 0;
  for (const Event& e : o.events) {
    const bool woken = e.kind == EventKind::kEnqueue && (e.flags & kWakeup) != 0;
    if (woken && comm(*o.env, e.task) == "client" && e.other != kNoTask) {
      EXPECT_EQ(comm(*o.env, e.other), "server");
      EXPECT_NE(e.flags & kSync, 0);
      ++replies;
    }
  }
  EXPECT_EQ(replies, 5U);
}

TEST(OpsTest, OwnMessagesCount) {
  TestLoad load;
  load.task("sleeper",
            {sleep(constant(5 * kMs)), op(OpKind::kWaitOwn), op(OpKind::kDone), jump(1)});
  load.task("waker", {op(OpKind::kPostTask, 0), op(OpKind::kPostTaskSync, 0),
                      sleep(constant(kSecond)), jump(0)});
  EXPECT_EQ(play(load, 10 * kMs).stats().done, 2U);
}

TEST(OpsTest, ForkedChildrenExecWakeTheirParentAndExit) {
  TestLoad load;
  const uint32_t child =
      load.program("sh", {run(constant(kMs)), op(OpKind::kExec, load.name("cc1")),
                          run(constant(2 * kMs)), op(OpKind::kPostParent), op(OpKind::kExit)});
  load.task("make", {op(OpKind::kFork, child), op(OpKind::kWaitOwn), op(OpKind::kDone), jump(0)});
  load.forks(1);
  const Outcome o = play(load, 9500 * kUs);
  EXPECT_EQ(o.stats().done, 3U);
  const std::vector<Event> born = of_kind(o.events, EventKind::kNew);
  ASSERT_EQ(born.size(), 5U);
  EXPECT_EQ(born[1].other, born[0].task);
  EXPECT_EQ(of_kind(o.events, EventKind::kExit).size(), 3U);
  EXPECT_EQ(of_kind(o.events, EventKind::kExec).size(), 3U);
  EXPECT_NE(o.env->task(born[1].task).process, o.env->task(born[0].task).process);
}

TEST(OpsTest, ForksWithoutRoomDoNothing) {
  TestLoad load;
  const uint32_t child = load.program("child", {sleep(constant(kSecond)), op(OpKind::kExit)});
  load.task("bomb", {op(OpKind::kFork, child), run(constant(kUs)), jump(0)}).forks(3);
  EXPECT_EQ(of_kind(play(load, kMs).events, EventKind::kNew).size(), 4U);
}

TEST(OpsTest, RepeatPassesItsCount) {
  TestLoad load;
  load.task("a", {run(constant(100 * kUs)), op(OpKind::kRepeat, 0, 3), op(OpKind::kDone),
                  sleep(constant(700 * kUs)), jump(0)});
  const Outcome o = play(load, 10 * kMs - 1);
  EXPECT_EQ(o.stats().done, 10U);
  EXPECT_EQ(o.stats().work, 3 * kMs);
}

TEST(OpsTest, DevicesTakeNoCpuAndAreNotSeen) {
  TestLoad load;
  const uint32_t channel = load.channel();
  load.device({sleep(constant(kMs)), post(channel), jump(0)});
  load.task("a", {wait(channel), run(constant(200 * kUs)), op(OpKind::kEnd), jump(0)});
  const Outcome o = play(load, 10500 * kUs);
  EXPECT_EQ(o.stats().done, 10U);
  EXPECT_EQ(o.stats().response.max(), 200 * kUs);
  EXPECT_EQ(of_kind(o.events, EventKind::kNew).size(), 1U);
}

TEST(OpsTest, AProgramThatNeverRunsDoesNotStopTime) {
  TestLoad load;
  load.task("a", {op(OpKind::kDone), jump(0)});
  const Outcome o = play(load, 5 * kMs);
  EXPECT_EQ(o.env->now(), 5 * kMs);
}

TEST(OpsTest, ARepeatedLoadStartsAnew) {
  TestLoad test;
  test.task("a", {run(constant(kMs)), op(OpKind::kDone), op(OpKind::kExit)});
  Load load = test.take();
  load.repeat = 10 * kMs;
  SimEnv env(free_machine(1), load, SimScheduler::kExt, 35 * kMs);
  quanta::run(env);
  EXPECT_EQ(env.machine().stats()[0].done, 4U);
}

TEST(OpsTest, AClairvoyantSeesTheTimeUntilTheTaskLeavesTheCpu) {
  TestLoad load;
  load.task("a",
            {run(constant(100 * kUs)), op(OpKind::kRepeat, 0, 3), sleep(constant(kMs)), jump(0)});
  SimEnv env(free_machine(1), load.take(), SimScheduler::kExt, kMs);
  std::vector<Event> events(8);
  const size_t n = env.poll(events);
  ASSERT_GT(n, 0U);
  EXPECT_EQ(env.machine().true_remaining(events[0].task), 300 * kUs);
}

}  // namespace
}  // namespace quanta
