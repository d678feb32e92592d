// What one task's activations leave behind: bursts, sleeps, waits, wakers, shares.
#include <gtest/gtest.h>

#include "tests/features/stage.h"
#include "tests/units.h"

namespace quanta {
namespace {

TEST(Activation, BurstIsAllCpuTimeBetweenTwoSleeps) {
  Stage s(1);
  s.appear(0, 0);
  s.wake(5'000, 0);
  s.start(5'000, 0);
  s.preempt(5'400, 0);
  EXPECT_EQ(s.tracker.exec(s.tracker.task(0)), 400 * kUs);
  s.start(5'900, 0);
  s.appear(6'900, 1);  // time goes on
  EXPECT_EQ(s.tracker.exec(s.tracker.task(0)), 1'400 * kUs);
  EXPECT_EQ(s.tracker.ran(0), 1'000 * kUs);
  s.sleep(8'500, 0);
  const TaskView& t = s.tracker.task(0);
  EXPECT_EQ(t.last_burst, 3'000 * kUs);
  EXPECT_EQ(t.burst, 1'500 * kUs);  // 3/4 of 1 ms, 1/4 of 3 ms
  EXPECT_EQ(t.cpu_time, 3'000 * kUs);
  s.wake(9'000, 0);
  EXPECT_EQ(s.tracker.exec(t), 0U);  // a new activation
  EXPECT_EQ(t.burst, 1'500 * kUs);
}

TEST(Activation, SleepIsTheTimeFromSleepToWake) {
  Stage s(1);
  s.appear(1'000, 0);
  s.wake(6'000, 0);
  const TaskView& t = s.tracker.task(0);
  EXPECT_EQ(t.last_sleep, 5'000 * kUs);  // since it appeared
  EXPECT_EQ(t.sleep, 2'000 * kUs);       // 3/4 of 1 ms, 1/4 of 5 ms
  s.start(6'000, 0);
  s.preempt(7'000, 0);
  s.start(9'000, 0);
  EXPECT_EQ(t.last_sleep, 5'000 * kUs);  // being preempted is no sleep
  s.sleep(10'000, 0);
  s.wake(18'000, 0);
  EXPECT_EQ(t.last_sleep, 8'000 * kUs);
  EXPECT_EQ(t.sleep, 3'500 * kUs);
  EXPECT_EQ(t.woke_at, 18'000 * kUs);
}

TEST(Activation, WaitIsFromRunnableToRunning) {
  Stage s(1);
  s.appear(0, 0);
  s.wake(1'000, 0);
  s.start(1'800, 0);
  EXPECT_EQ(s.tracker.task(0).wait, 200 * kUs);
  s.preempt(2'000, 0);
  s.start(2'400, 0);
  EXPECT_EQ(s.tracker.task(0).wait, 250 * kUs);
}

TEST(Activation, SharesMoveTowardsWhatHappensAndStayInRange) {
  Stage s(1);
  s.appear(0, 0);
  s.appear(0, 1);
  const TaskView& t = s.tracker.task(0);
  Nanos now = 0;
  for (int i = 0; i < 200; ++i) {
    s.wake(now, 0, 1, true);
    s.start(now, 0);
    s.preempt(now + 1, 0);
    s.start(now + 1, 0);
    s.sleep(now + 2, 0);
    if (i == 0) {
      EXPECT_EQ(t.sync_share, 8191);
      EXPECT_EQ(t.involuntary_share, 7168);  // 8191 less its eighth, as it slept after
    }
    now += 10;
  }
  EXPECT_GT(t.sync_share, 65'500);
  EXPECT_NEAR(t.involuntary_share, 65'536 * 7 / 15.0, 200);  // every other stop, before a sleep
  for (int i = 0; i < 200; ++i, now += 10) s.activation(now, 0, 1);
  EXPECT_LT(t.sync_share, 10);
  EXPECT_LT(t.involuntary_share, 10);
}

TEST(Activation, RemembersItsWaker) {
  Stage s(1);
  s.appear(0, 0, {.process = 50});
  s.appear(0, 1, {.process = 50});
  s.appear(0, 2, {.process = 51});
  const TaskView& t = s.tracker.task(0);
  s.wake(1, 0, 1);
  EXPECT_EQ(t.waker, 1U);
  EXPECT_EQ(t.waker_process, t.process);
  s.start(1, 0);
  s.sleep(2, 0);
  s.wake(3, 0, 2);
  EXPECT_EQ(t.waker, 2U);
  EXPECT_EQ(t.waker_process, s.tracker.task(2).process);
  EXPECT_NE(t.waker_process, t.process);
  s.start(3, 0);
  s.preempt(4, 0);
  EXPECT_EQ(t.waker, 2U);  // of the last wake-up
  s.start(4, 0);
  s.sleep(5, 0);
  s.wake(6, 0);
  EXPECT_EQ(t.waker, kNoTask);
}

TEST(Activation, ANewTaskInAnOldSlotStartsAfresh) {
  Stage s(1);
  s.appear(0, 0, {.comm = "old", .weight = 2048, .kernel_thread = true});
  s.activation(5'000, 0, 9'000);
  const uint32_t old_name = s.tracker.task(0).name_hash;
  EXPECT_TRUE(s.tracker.task(0).kernel_thread);
  s.exit(20'000, 0);
  EXPECT_EQ(s.tracker.tasks(), 0U);
  s.appear(30'000, 0, {.comm = "new"});
  const TaskView& t = s.tracker.task(0);
  EXPECT_EQ(s.tracker.tasks(), 1U);
  EXPECT_EQ(t.born, 30'000 * kUs);
  EXPECT_EQ(t.burst, kMillisecond);
  EXPECT_EQ(t.cpu_time, 0U);
  EXPECT_EQ(t.load_weight, kNiceZeroWeight);
  EXPECT_FALSE(t.kernel_thread);
  EXPECT_NE(t.name_hash, old_name);
}

TEST(Activation, ANewNameIsANewHashAndClass) {
  Weighing w = all_weigh(1);
  w.classes[0].comm = "game*";
  Stage s(1, w);
  s.appear(0, 0, {.comm = "bash"});
  const uint32_t before = s.tracker.task(0).name_hash;
  EXPECT_EQ(s.tracker.task(0).reward_class, -1);
  s.rename(1, 0, {.comm = "game"});
  EXPECT_NE(s.tracker.task(0).name_hash, before);
  EXPECT_EQ(s.tracker.task(0).reward_class, 0);
}

TEST(Activation, ACpuKnowsItsTaskAndTheEndOfItsSlice) {
  Stage s(2);
  s.appear(0, 0);
  s.direct(10, 0, 1);
  s.start(10, 0, 1);
  EXPECT_EQ(s.tracker.cpu(0).task, kNoTask);
  EXPECT_EQ(s.tracker.cpu(1).task, 0U);
  EXPECT_EQ(s.tracker.cpu(1).slice_end, 2'010 * kUs);  // of a task that found an idle CPU
  s.tracker.task(0).slice = 700 * kUs;
  s.slice_end(2'010, 0);
  EXPECT_EQ(s.tracker.cpu(1).task, kNoTask);
  s.start(2'020, 0, 0);
  EXPECT_EQ(s.tracker.cpu(0).slice_end, 2'720 * kUs);
}

TEST(Activation, ACpuKnowsOfItsTaskWhatTheTaskIs) {
  Stage s(2, all_weigh(3));
  s.appear(0, 0, {.comm = "bash"});
  s.activation(10, 0, 400);
  s.wake(1'000, 0);
  s.tracker.task(0).rem_scale = 2;
  s.start(1'100, 0, 1);
  s.preempt(1'150, 0);
  s.start(1'300, 0, 1);
  s.rename(1'350, 0, {.comm = "game"});
  const TaskView& task = s.tracker.task(0);
  const CpuView& cpu = s.tracker.cpu(1);
  EXPECT_EQ(cpu.process, task.process);
  EXPECT_EQ(cpu.name_hash, task.name_hash);
  EXPECT_EQ(cpu.name_hash, name_hash("game"));
  EXPECT_EQ(cpu.w, 3);
  EXPECT_EQ(cpu.rem_scale, 2);
  EXPECT_EQ(cpu.burst, task.burst);
  EXPECT_EQ(s.tracker.exec(cpu), 100 * kUs);  // of two runs
  EXPECT_EQ(s.tracker.exec(cpu), s.tracker.exec(task));
}

}  // namespace
}  // namespace quanta
