#include <gtest/gtest.h>

#include <set>

#include "agent/features/features.h"
#include "tests/features/stage.h"

namespace quanta {
namespace {

constexpr Nanos pow2(int e) {
  return Nanos{1} << e;
}

// Task 0 waits beside two others; task 1 of another process runs on CPU 0.
class Extract : public ::testing::Test {
 protected:
  void SetUp() override {
    stage.appear(0, 0, {.comm = "me", .process = 70});
    stage.appear(0, 1, {.comm = "victim", .process = 71});
    stage.direct(0, 1, 0);
    stage.start(0, 1);
    for (TaskId id = 2; id < 4; ++id) {
      stage.appear(0, id, {.process = 70 + id});
      stage.wake(0, id);
    }
    stage.wake(0, 0);
    TaskView& t = stage.tracker.task(0);
    t.burst = pow2(20);
    t.last_burst = pow2(21);
    t.sleep = pow2(22);
    t.last_sleep = pow2(23);
    t.exec = pow2(24);
    t.wait = pow2(19) + pow2(18);
    t.sync_share = 0x8000;
    t.involuntary_share = 0x4000;
    t.w = 4;
    t.name_hash = (100U << 18) | (300U << 9) | 77U;
    stage.tracker.task(1).name_hash = 511;
    situation = {.task = 0,
                 .rem = 1,
                 .victim_cpu = 0,
                 .victim = 1,
                 .victim_rem = pow2(17),
                 .saved = 1,
                 .others = 0};
  }
  Features features() {
    Features x;
    extract(stage.tracker, situation, x);
    return x;
  }

  Stage stage{1};
  Situation situation;
};

TEST_F(Extract, GivesAllSixteenInOrderAndInTheirUnits) {
  const Features expected = {20,            // burst mean, octaves of ns
                             21,            // last burst
                             22,            // sleep mean
                             23,            // last sleep
                             24,            // run since sleep
                             19.5F,         // wait mean; linear within the octave
                             0.5F,          // sync wakeups
                             0,             // waker kin: no waker
                             0.25F,         // victim kin: a stranger
                             17,            // victim remaining
                             255 / 256.0F,  // victim name
                             2,             // importance: octaves of w
                             0.25F,         // involuntary
                             2,             // crowd: octaves of 1 + 3
                             44 / 256.0F,   // name a: 300 - 256
                             -156 / 256.0F};
  const Features x = features();
  for (size_t i = 0; i < x.size(); ++i) EXPECT_EQ(x[i], expected[i]) << kFeatureNames[i];
}

TEST_F(Extract, SaysNothingOfAVictimWhereThereIsNone) {
  situation.victim_cpu = kNoCpu;
  situation.victim = kNoTask;
  const Features x = features();
  EXPECT_EQ(x[kVictimKin], 0);
  EXPECT_EQ(x[kVictimRemaining], 0);
  EXPECT_EQ(x[kVictimName], 0);
}

TEST_F(Extract, TellsKinOfVictimAndWaker) {
  stage.tracker.task(1).name_hash = stage.tracker.task(0).name_hash;
  stage.tracker.task(0).waker = 2;
  stage.tracker.task(0).waker_process = stage.tracker.task(2).process;
  Features x = features();
  EXPECT_EQ(x[kVictimKin], 1);
  EXPECT_EQ(x[kWakerKin], 0.5F);
  stage.tracker.task(0).waker_process = stage.tracker.task(0).process;
  x = features();
  EXPECT_EQ(x[kWakerKin], 1);
}

TEST_F(Extract, AWeightBelowOneIsNegativeImportance) {
  stage.tracker.task(0).w = 0.25F;
  EXPECT_EQ(features()[kImportance], -2);
}

TEST(FeatureNames, AreCompleteAndDistinct) {
  std::set<std::string_view> names(kFeatureNames.begin(), kFeatureNames.end());
  EXPECT_EQ(names.size(), static_cast<size_t>(kInputs));
  EXPECT_FALSE(names.contains(""));
  EXPECT_EQ(kFeatureNames[kExec], "run since sleep");
  EXPECT_EQ(kFeatureNames[kImportance], "importance");
  EXPECT_EQ(kFeatureNames[kNameB], "name b");
}

}  // namespace
}  // namespace quanta
