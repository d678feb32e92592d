#include "agent/eval/learning_speed.h"

#include <gtest/gtest.h>

namespace quanta {
namespace {

std::vector<CurvePoint> curve(const std::vector<double>& rewards) {
  std::vector<CurvePoint> points;
  points.reserve(rewards.size());
  for (size_t i = 0; i < rewards.size(); ++i) points.push_back({(i + 1) * kSecond, rewards[i]});
  return points;
}

TEST(GainCurve, IsWhatIsEarnedBeyondThePriorAtTheSameTime) {
  const auto gain = gain_curve(curve({3, 5, 8}), curve({1, 4}));
  ASSERT_EQ(gain.size(), 2U);
  EXPECT_EQ(gain[0].reward, 2);
  EXPECT_EQ(gain[1].reward, 1);
  EXPECT_EQ(gain[1].time, 2 * kSecond);
}

TEST(LearningSpeed, IsTheTimeFromWhichNineTenthsAreKept) {
  const LearningSpeed speed = learning_speed(curve({0, -3, 9, 0, 1, 10, 10, 10, 10, 10, 10, 10}));
  EXPECT_DOUBLE_EQ(speed.final_gain, 10);
  EXPECT_EQ(speed.time90, 6 * kSecond) << "a single good moment does not count";
  EXPECT_EQ(speed.worst, -3);
  EXPECT_EQ(speed.worst_time, 2 * kSecond);
}

TEST(LearningSpeed, HasNoTimeWithoutAGain) {
  const LearningSpeed speed = learning_speed(curve({5, 5, 5, 5, 5, 5, -1, -1}));
  EXPECT_DOUBLE_EQ(speed.final_gain, -1);
  EXPECT_FALSE(speed.time90);
  EXPECT_FALSE(learning_speed({}).time90);
}

}  // namespace
}  // namespace quanta
