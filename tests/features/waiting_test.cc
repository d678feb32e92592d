// W, the weighted waiters, and its integral: what running tasks are charged with.
#include <gtest/gtest.h>

#include "tests/features/stage.h"
#include "tests/units.h"

namespace quanta {
namespace {

TEST(WeightedWaiting, IntegratesTheWeightsOfAllThatWait) {
  Weighing w = all_weigh(2);
  w.classes[0].comm = "two";
  w.classes.push_back(w.classes[0]);
  w.classes[1].comm = "five";
  w.classes[1].weight = 5;
  Stage s(1, w);
  s.appear(0, 0, {.comm = "two"});
  s.appear(0, 1, {.comm = "five"});
  s.wake(100, 0);
  EXPECT_EQ(s.tracker.weighted_waiters(), 2);
  s.wake(130, 1);  // 30 us of 2
  EXPECT_EQ(s.tracker.weighted_waiters(), 7);
  EXPECT_DOUBLE_EQ(s.tracker.waiting_integral(), 60 * kNsPerUs);
  s.start(150, 0);  // 20 us of 7
  EXPECT_EQ(s.tracker.weighted_waiters(), 5);
  EXPECT_DOUBLE_EQ(s.tracker.waiting_integral(), 200 * kNsPerUs);
  s.stop(160, 0, StopReason::kPreempted);  // 10 us of 5
  EXPECT_EQ(s.tracker.weighted_waiters(), 5);
  s.put_back(160, 0);
  EXPECT_EQ(s.tracker.weighted_waiters(), 7);
  s.start(160, 1);
  s.sleep(200, 1);  // 40 us of 2
  EXPECT_DOUBLE_EQ(s.tracker.waiting_integral(), 330 * kNsPerUs);
  s.start(200, 0);
  s.sleep(300, 0);
  EXPECT_EQ(s.tracker.weighted_waiters(), 0);
  EXPECT_DOUBLE_EQ(s.tracker.waiting_integral(), 330 * kNsPerUs);
}

TEST(WeightedWaiting, CountsTasksAndTheirLoad) {
  Stage s(2);
  for (TaskId id = 0; id < 3; ++id) s.appear(0, id, {.weight = 1024U << id});
  EXPECT_EQ(s.tracker.tasks(), 3U);
  EXPECT_EQ(s.tracker.runnable(), 0U);
  for (TaskId id = 0; id < 3; ++id) s.wake(1, id);
  EXPECT_EQ(s.tracker.waiting(), 3U);
  EXPECT_EQ(s.tracker.runnable(), 3U);
  EXPECT_EQ(s.tracker.runnable_load(), 7 * 1024U);
  s.start(2, 1);
  EXPECT_EQ(s.tracker.waiting(), 2U);
  EXPECT_EQ(s.tracker.runnable(), 3U);
  s.preempt(3, 1);
  EXPECT_EQ(s.tracker.waiting(), 3U);
  EXPECT_EQ(s.tracker.runnable(), 3U);
  s.start(4, 2);
  s.sleep(5, 2);
  EXPECT_EQ(s.tracker.runnable(), 2U);
  EXPECT_EQ(s.tracker.runnable_load(), 3 * 1024U);
}

TEST(WeightedWaiting, ATaskThatIsEnqueuedAnewWaitsOnce) {
  Stage s(1, all_weigh(3));
  s.appear(0, 0);
  s.wake(10, 0);
  s.wake(20, 0);
  EXPECT_EQ(s.tracker.waiting(), 1U);
  EXPECT_EQ(s.tracker.runnable(), 1U);
  EXPECT_EQ(s.tracker.weighted_waiters(), 3);
}

TEST(WeightedWaiting, ATaskThatExitsWaitsNoLonger) {
  Stage s(1, all_weigh(3));
  s.appear(0, 0);
  s.appear(0, 1);
  s.wake(10, 0);
  s.wake(10, 1);
  s.exit(20, 0);
  EXPECT_EQ(s.tracker.waiting(), 1U);
  EXPECT_EQ(s.tracker.runnable(), 1U);
  EXPECT_EQ(s.tracker.weighted_waiters(), 3);
  s.exit(30, 0);  // said twice
  EXPECT_EQ(s.tracker.tasks(), 1U);
  s.start(30, 1);
  s.stop(40, 1, StopReason::kExit);
  s.exit(40, 1);
  EXPECT_EQ(s.tracker.runnable(), 0U);
  EXPECT_EQ(s.tracker.runnable_load(), 0U);
  EXPECT_EQ(s.tracker.tasks(), 0U);
}

TEST(WeightedWaiting, ATaskThatWasRunnableBeforeTheAgentCameIsCounted) {
  Stage s(1);
  s.appear(10, 0);
  s.put_back(10, 0);  // no wake-up was seen
  EXPECT_EQ(s.tracker.runnable(), 1U);
  s.start(20, 0);
  s.sleep(30, 0);
  EXPECT_EQ(s.tracker.runnable(), 0U);
  EXPECT_EQ(s.tracker.fair_use(), 1);
}

TEST(WeightedWaiting, RoundingNeverLeavesAnEmptyQueueWithAWeight) {
  Stage s(1, all_weigh(0.1));
  for (TaskId id = 0; id < 10; ++id) s.appear(0, id);
  for (Nanos round = 0; round < 100; ++round) {
    for (TaskId id = 0; id < 10; ++id) s.wake(round, id);
    for (TaskId id = 0; id < 10; ++id) {
      s.start(round, (id + 3) % 10);
      s.sleep(round, (id + 3) % 10);
    }
    ASSERT_EQ(s.tracker.weighted_waiters(), 0);
  }
}

}  // namespace
}  // namespace quanta
