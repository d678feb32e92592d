// Use of processes, and the share that every task is promised: floor and guard.
#include <gtest/gtest.h>

#include <cmath>

#include "tests/features/stage.h"
#include "tests/units.h"

namespace quanta {
namespace {

Weighing floor_share(double share) {
  Weighing w;
  w.floor_share = share;
  return w;
}

TEST(Use, IsTheCpusThatAProcessHadLately) {
  Stage s(2);
  s.appear(0, 0, {.process = 7});
  s.appear(0, 1, {.process = 7});
  s.direct(0, 0, 0);
  s.start(0, 0, 0);
  s.sleep(100'000, 0);
  EXPECT_NEAR(s.tracker.use(s.tracker.task(0)), 0.2, 1e-6);  // 100 ms of 500 ms
  EXPECT_EQ(s.tracker.use(s.tracker.task(1)), s.tracker.use(s.tracker.task(0)));
  s.appear(600'000, 2);  // 500 ms later
  EXPECT_NEAR(s.tracker.use(s.tracker.task(0)), 0.2 * std::exp(-1.0), 1e-6);
  EXPECT_EQ(s.tracker.use(s.tracker.task(2)), 0);
  s.activation(600'000, 1, 50'000);
  EXPECT_NEAR(s.tracker.use(s.tracker.task(0)), 0.2 * std::exp(-1.1) + 0.1, 1e-6);
}

TEST(Use, FairIsAnEqualPartForEachProcessThatWantsTheCpu) {
  Stage s(2);
  s.appear(0, 0, {.process = 7});
  s.appear(0, 1, {.process = 7});
  s.appear(0, 2, {.process = 8});
  EXPECT_EQ(s.tracker.fair_use(), 2);
  s.wake(1, 0);
  s.wake(1, 1);
  EXPECT_EQ(s.tracker.fair_use(), 2);
  s.wake(1, 2);
  EXPECT_EQ(s.tracker.fair_use(), 1);
  s.start(1, 0);
  s.sleep(2, 0);
  EXPECT_EQ(s.tracker.fair_use(), 1);  // task 1 of the same process still waits
  s.start(2, 1);
  s.sleep(3, 1);
  EXPECT_EQ(s.tracker.fair_use(), 2);
}

TEST(Promise, IsAShareOfTheFairShareByLoadWeight) {
  const struct {
    double share;
    int cpus;
    uint32_t tasks;
    uint32_t weight;  // of the first; the others are nice 0
    Nanos guard;      // 2 ms at the promised rate
  } cases[] = {
      {0.25, 2, 1, 1024, 8 * kMs},   // never more than one CPU
      {0.25, 2, 4, 1024, 16 * kMs},  // half a CPU is fair
      {0.5, 2, 4, 1024, 8 * kMs},     {0.25, 1, 4, 1024, 32 * kMs},
      {0.25, 1, 2, 3072, 10'666'666},  // three quarters are fair
  };
  for (const auto& c : cases) {
    Stage s(c.cpus, floor_share(c.share));
    for (TaskId id = 0; id < c.tasks; ++id) s.appear(0, id, {.weight = id == 0 ? c.weight : 1024});
    for (TaskId id = c.tasks; id > 0; --id) s.wake(1'000, id - 1);
    EXPECT_NEAR(static_cast<double>(s.tracker.task(0).due), static_cast<double>(kMs + c.guard), 1)
        << c.share << " " << c.cpus << " " << c.tasks << " " << c.weight;
  }
}

TEST(Promise, WhatWasServedMovesItsNextClaimBack) {
  Stage s(1, floor_share(0.25));
  s.appear(0, 0);
  s.wake(10'000, 0);
  s.start(10'000, 0);
  s.preempt(11'000, 0);  // 1 ms at a quarter of a CPU: served for 4 ms
  EXPECT_EQ(s.tracker.task(0).floor, 14 * kMs);
  EXPECT_EQ(s.tracker.task(0).due, 22 * kMs);
  s.start(11'000, 0);
  s.sleep(12'000, 0);
  EXPECT_EQ(s.tracker.task(0).floor, 18 * kMs);
  s.wake(13'000, 0);  // still ahead of its claim
  EXPECT_EQ(s.tracker.task(0).due, 26 * kMs);
  s.start(13'000, 0);
  s.sleep(13'000, 0);
  s.wake(50'000, 0);  // what it did not claim while asleep is gone
  EXPECT_EQ(s.tracker.task(0).due, 58 * kMs);
}

TEST(Promise, ServiceInAdvanceCountsForTheWindowOnly) {
  Stage s(1, floor_share(0.25));
  s.appear(0, 0);
  s.wake(0, 0);
  s.start(0, 0);
  s.preempt(900'000, 0);  // served for 3.6 s
  EXPECT_EQ(s.tracker.task(0).floor, 1'100 * kMs);
}

TEST(Promise, WithoutAShareNobodyIsPromisedAnything) {
  Stage s(1, floor_share(0));
  s.appear(0, 0);
  s.wake(0, 0);
  EXPECT_GE(s.tracker.task(0).due, 1'000 * kSecond);
}

}  // namespace
}  // namespace quanta
