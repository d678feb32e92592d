#include "agent/learn/normaliser.h"

#include <gtest/gtest.h>

#include <vector>

#include "env/base/rng.h"

namespace quanta {
namespace {

TEST(ScalarNormaliser, AgreesWithTwoPasses) {
  Rng rng(1);
  for (const double offset : {0.0, -3.0, 1e6}) {
    ScalarNormaliser normaliser;
    std::vector<double> values;
    for (int i = 0; i < 5'000; ++i) {
      values.push_back(offset + 2 * rng.normal() + rng.exponential());
      normaliser.add(values.back());
    }
    double mean = 0;
    for (const double v : values) mean += v / 5'000;
    double variance = 0;
    for (const double v : values) variance += (v - mean) * (v - mean) / 5'000;
    EXPECT_NEAR(normaliser.mean(), mean, 1e-9 * (1 + std::abs(offset)));
    EXPECT_NEAR(normaliser.sd(), std::sqrt(variance), 1e-6);
    EXPECT_NEAR(normaliser.apply(mean + 3 * std::sqrt(variance)), 3, 1e-5);
  }
}

TEST(ScalarNormaliser, SaysNothingOfAConstant) {
  ScalarNormaliser normaliser;
  EXPECT_EQ(normaliser.apply(5), 0);
  for (int i = 0; i < 10; ++i) normaliser.add(7);
  EXPECT_EQ(normaliser.mean(), 7);
  EXPECT_EQ(normaliser.sd(), 0);
  EXPECT_EQ(normaliser.apply(8), 0);
}

TEST(ScalarNormaliser, ForgetsBeyondItsMemory) {
  ScalarNormaliser normaliser;
  for (int i = 0; i < 1'000'000; ++i) normaliser.add(i % 2 == 0 ? 10 : 12);
  EXPECT_NEAR(normaliser.mean(), 11, 1e-3);
  EXPECT_NEAR(normaliser.sd(), 1, 1e-3);
  for (int i = 0; i < 100'000; ++i) normaliser.add(i % 2 == 0 ? 0 : 2);
  EXPECT_NEAR(normaliser.mean(), 1 + 10 * std::exp(-1.0), 1e-2);  // one memory later
  for (int i = 0; i < 1'900'000; ++i) normaliser.add(i % 2 == 0 ? 0 : 2);
  EXPECT_NEAR(normaliser.mean(), 1, 1e-3);
  EXPECT_NEAR(normaliser.sd(), 1, 1e-3);
}

TEST(FeatureNormaliser, DoesNotBlowUpWhatHardlyMoves) {
  FeatureNormaliser normaliser;
  for (int i = 0; i < 100; ++i) {
    Features x{};
    x[0] = i % 2 == 0 ? 4 : 8;
    x[1] = i % 2 == 0 ? 5.0F : 5.001F;
    normaliser.add(x);
  }
  std::array<float, kInputs> mean;
  std::array<float, kInputs> inverse_sd;
  normaliser.snapshot(mean, inverse_sd);
  EXPECT_NEAR(mean[0], 6, 1e-5);
  EXPECT_NEAR(inverse_sd[0], 0.5, 1e-5);
  EXPECT_NEAR(mean[1], 5.0005, 1e-5);
  EXPECT_EQ(inverse_sd[1], 20);
  EXPECT_EQ(inverse_sd[2], 20);
}

}  // namespace
}  // namespace quanta
