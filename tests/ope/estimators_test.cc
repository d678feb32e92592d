// The estimators, worked by hand and on a bandit whose values are known.
#include "agent/ope/estimators.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "env/base/rng.h"

namespace quanta {
namespace {

double sum_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

TEST(Snips, IsTheWeightedMean) {
  const double weights[] = {1, 3};
  const double outcomes[] = {10, 2};
  const Estimate e = snips(weights, outcomes);
  EXPECT_DOUBLE_EQ(e.value, (10 + 6) / 4.0);
  EXPECT_DOUBLE_EQ(e.influence[0], 2.0 / 4 * (10 - 4));
  EXPECT_NEAR(sum_of(e.influence), 0, 1e-12);
  EXPECT_DOUBLE_EQ(effective_sample_size(weights), 16 / 10.0);
}

TEST(Snips, WithoutWeightsItIsTheMean) {
  const double weights[] = {1, 1, 1, 1};
  const double outcomes[] = {1, 2, 3, 6};
  EXPECT_DOUBLE_EQ(snips(weights, outcomes).value, 3);
  EXPECT_DOUBLE_EQ(effective_sample_size(weights), 4);
}

TEST(DoublyRobust, CorrectsWhatTheModelForetells) {
  const double weights[] = {1, 3};
  const double outcomes[] = {10, 2};
  const double foretold[] = {9, 4};   // of the actions taken: left over 1 and -2
  const double expected[] = {7, 11};  // of the new policy's
  const Estimate e = doubly_robust(weights, outcomes, foretold, expected);
  EXPECT_DOUBLE_EQ(e.value, 9 + (1 * 1 + 3 * -2) / 4.0);
  EXPECT_NEAR(sum_of(e.influence), 0, 1e-12);
}

TEST(Truncation, TakesWhatIsMissingToAMeanWeightOfOne) {
  const double weights[] = {0.25, 0.25, 2, 0.5};
  EXPECT_DOUBLE_EQ(truncated_mass(weights), 0.25);
  const double more[] = {1, 1.5};  // by chance
  EXPECT_EQ(truncated_mass(more), 0);
}

TEST(Batches, AreEqualAndInOrder) {
  EXPECT_EQ(batch_of(0, 5000), 0U);
  EXPECT_EQ(batch_of(99, 5000), 0U);
  EXPECT_EQ(batch_of(100, 5000), 1U);
  EXPECT_EQ(batch_of(4999, 5000), kBatches - 1);
}

// a ~ N(0, s), earns 2 + 3 a + noise; the new policy draws from N(m, s), worth 2 + 3 m.
struct Bandit {
  static constexpr double kSd = 0.5, kMean = 0.3, kTruth = 2 + 3 * kMean;
  std::vector<double> weights, outcomes, foretold, expected;

  // A model that is right but for `wrong`.
  Bandit(uint64_t seed, double wrong, double noise_memory = 0) {
    Rng rng(seed);
    double noise = 0;
    for (int i = 0; i < 5000; ++i) {
      const double a = kSd * rng.normal();
      noise = noise_memory * noise + std::sqrt(1 - noise_memory * noise_memory) * rng.normal();
      weights.push_back(std::exp((a * a - (a - kMean) * (a - kMean)) / (2 * kSd * kSd)));
      outcomes.push_back(2 + 3 * a + noise);
      foretold.push_back((1 + wrong) * (2 + 3 * a));
      expected.push_back((1 + wrong) * kTruth);
    }
  }
};

// How often the truth is in the interval, of 200.
template <class Make>
int covered(double wrong, double noise_memory, Make&& make) {
  int count = 0;
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    const Interval i = interval_of(make(Bandit(seed, wrong, noise_memory)));
    count += std::abs(i.mean - Bandit::kTruth) <= i.half ? 1 : 0;
  }
  return count;
}

// 200 * 0.95 = 190, standard deviation 3.
constexpr int kLeast = 180;
constexpr int kMost = 199;

TEST(Intervals, HoldTheTruthAsOftenAsTheySay) {
  const auto by_snips = [](const Bandit& b) { return snips(b.weights, b.outcomes); };
  const auto by_dr = [](const Bandit& b) {
    return doubly_robust(b.weights, b.outcomes, b.foretold, b.expected);
  };
  for (const double memory : {0.0, 0.9}) {  // of the noise, from one decision to the next
    EXPECT_GE(covered(0, memory, by_snips), kLeast) << memory;
    EXPECT_LE(covered(0, memory, by_snips), kMost) << memory;
    for (const double wrong : {0.0, 0.5}) {
      EXPECT_GE(covered(wrong, memory, by_dr), kLeast) << memory << ' ' << wrong;
    }
  }
}

TEST(Intervals, AGoodModelMakesThemNarrow) {
  const Bandit good(1, 0);
  const Bandit bad(1, 0.5);
  const Interval by_snips = interval_of(snips(good.weights, good.outcomes));
  const Interval by_good =
      interval_of(doubly_robust(good.weights, good.outcomes, good.foretold, good.expected));
  const Interval by_bad =
      interval_of(doubly_robust(bad.weights, bad.outcomes, bad.foretold, bad.expected));
  EXPECT_LT(by_good.half, by_snips.half);
  EXPECT_LT(by_good.half, by_bad.half);
}

TEST(Intervals, OfADifferenceAreOfTheSameDecisions) {
  const Bandit b(3, 0);
  const Estimate e = snips(b.weights, b.outcomes);
  EXPECT_EQ(interval_of(e, e).half, 0);
  const std::vector<double> ones(b.weights.size(), 1);
  const Interval gain = interval_of(e, snips(ones, b.outcomes));
  EXPECT_NEAR(gain.mean, 3 * Bandit::kMean, 2 * gain.half);
}

}  // namespace
}  // namespace quanta
