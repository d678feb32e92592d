#include "agent/explain/attribution.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/policy/random_net.h"

namespace quanta {
namespace {

double sum_of(const Attribution& a, size_t head) {
  double sum = 0;
  for (const auto& feature : a.share) sum += feature[head];
  return sum;
}

TEST(Attribution, AddsUpToTheHeadsDifference) {
  Rng rng(3, 1);
  for (int i = 0; i < 200; ++i) {
    const Weights weights = random_net(rng, random_shape(rng));
    const Features x = random_features(rng, weights);
    const Attribution a = attribute(weights, x);
    Outputs y;
    Outputs average;
    forward_scalar(weights, x, y);
    forward_scalar(weights, weights.mean, average);
    for (size_t h = 0; h < kHeads; ++h) {
      EXPECT_NEAR(a.head[h], y[h], 1e-4 * (1 + std::abs(y[h])));
      EXPECT_NEAR(a.average[h], average[h], 1e-4 * (1 + std::abs(average[h])));
      EXPECT_NEAR(sum_of(a, h), a.head[h] - a.average[h], 1e-9 * (1 + std::abs(a.head[h])));
    }
  }
}

// Computed the slow way: many small steps and differences of the network itself.
TEST(Attribution, IsTheIntegralOfTheGradient) {
  Rng rng(4, 1);
  const Weights weights = random_net(rng, shape_of({16, 16}));
  const Features x = random_features(rng, weights);
  const Attribution a = attribute(weights, x);
  constexpr int kSteps = 4'000;
  constexpr float kNudge = 1e-2F;
  std::array<double, kInputs> slow{};
  for (int s = 0; s < kSteps; ++s) {
    const double share = (s + 0.5) / kSteps;
    Features at;
    for (size_t i = 0; i < kInputs; ++i) {
      at[i] = weights.mean[i] + static_cast<float>(share * a.normalised[i]) / weights.inverse_sd[i];
    }
    for (size_t i = 0; i < kInputs; ++i) {
      Features up = at;
      Features down = at;
      up[i] += kNudge / weights.inverse_sd[i];
      down[i] -= kNudge / weights.inverse_sd[i];
      Outputs above;
      Outputs below;
      forward_scalar(weights, up, above);
      forward_scalar(weights, down, below);
      slow[i] += a.normalised[i] * (above[kHeadOrder] - below[kHeadOrder]) / (2 * kNudge) / kSteps;
    }
  }
  for (size_t i = 0; i < kInputs; ++i) {
    EXPECT_NEAR(a.share[i][kHeadOrder], slow[i], 0.01 + 0.01 * std::abs(slow[i])) << i;
  }
}

TEST(Attribution, AFeatureAtItsMeanContributesNothing) {
  Rng rng(5, 1);
  const Weights weights = random_net(rng);
  Features x = random_features(rng, weights);
  x[3] = weights.mean[3];
  x[7] = std::numeric_limits<float>::quiet_NaN();
  const Attribution a = attribute(weights, x);
  for (size_t h = 0; h < kHeads; ++h) {
    EXPECT_EQ(a.share[3][h], 0);
    EXPECT_EQ(a.share[7][h], 0);
  }
}

TEST(Attribution, OfAnUntrainedNetworkIsNothing) {
  const Attribution a = attribute(Weights{}, Features{1, 2, 3});
  for (size_t h = 0; h < kHeads; ++h) EXPECT_EQ(sum_of(a, h), 0);
}

}  // namespace
}  // namespace quanta
