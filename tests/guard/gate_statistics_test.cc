// Uplifts against the plain formulas: weighted mean, weighted variance, effective number of rounds.
#include <gtest/gtest.h>

#include <cmath>

#include "tests/guard/bandit.h"

namespace quanta {
namespace {

// Never below the prior, so that every arm is in every round.
double reward(Arm arm, uint64_t round) {
  if (arm == kArmPrior) return 0.3 + 0.01 * static_cast<double>(round % 2);
  return 0.4 + 0.01 * static_cast<double>((7 * round + 3 * static_cast<uint64_t>(arm)) % 5);
}

TEST(Uplift, IsTheWeightedMeanWithItsStandardError) {
  for (const double memory : {5.0, 40.0}) {
    for (const uint64_t n : {1U, 2U, 5U, 60U}) {
      GateConfig config = comparing();
      config.memory = memory;
      config.drift = 0;  // nothing is forgotten
      Bandit bandit(config, 1, reward);
      bandit.rounds(n);
      for (int a = kArmPrior + 1; a < kArms; ++a) {
        const Arm arm = static_cast<Arm>(a);
        const auto weight = [&](uint64_t i) {
          return std::exp(-static_cast<double>(n - 1 - i) / memory);
        };
        double sum = 0;
        double sum2 = 0;
        double mean = 0;
        for (uint64_t i = 0; i < n; ++i) {
          sum += weight(i);
          sum2 += weight(i) * weight(i);
          mean += weight(i) * (reward(arm, i) - reward(kArmPrior, i));
        }
        mean /= sum;
        double variance = 0;
        for (uint64_t i = 0; i < n; ++i) {
          const double d = reward(arm, i) - reward(kArmPrior, i) - mean;
          variance += weight(i) * d * d / sum;
        }
        const double rounds = sum * sum / sum2;
        const Uplift u = bandit.gate().uplift(arm);
        EXPECT_NEAR(u.rounds, rounds, 1e-9);
        EXPECT_NEAR(u.mean, mean, 1e-6);
        if (n > 1) {
          EXPECT_NEAR(u.standard_error, std::sqrt(variance / (rounds - 1)), 1e-6);
        }
      }
    }
  }
}

TEST(Uplift, OfAFewRoundsByHand) {
  GateConfig config = comparing();
  config.memory = 1e6;  // all rounds count alike
  Bandit bandit(config, 1, [](Arm arm, uint64_t round) {
    const double difference[] = {0.1, 0.2, 0.3};
    return 0.5 + (arm == kArmFull ? difference[round % 3] : 0);
  });
  bandit.rounds(3);
  const Uplift u = bandit.gate().uplift(kArmFull);
  EXPECT_NEAR(u.rounds, 3, 1e-4);
  EXPECT_NEAR(u.mean, 0.2, 1e-4);
  EXPECT_NEAR(u.standard_error, 0.1 / std::sqrt(3.0), 1e-4);
  EXPECT_EQ(bandit.gate().uplift(kArmPrior).mean, 0);
}

TEST(Uplift, OfAnArmThatNeverActedIsNothing) {
  Bandit bandit(comparing(), 1, reward);
  EXPECT_EQ(bandit.gate().uplift(kArmFull).rounds, 0);
  EXPECT_EQ(bandit.gate().uplift(kArmFull).standard_error, 0);
  EXPECT_EQ(bandit.gate().best(), kArmPrior);
}

}  // namespace
}  // namespace quanta
