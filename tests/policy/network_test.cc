#include "agent/policy/network.h"

#include <gtest/gtest.h>

#include <limits>

#include "agent/policy/network_kernels.h"
#include "tests/policy/network_tolerance.h"
#include "tests/policy/random_net.h"

namespace quanta {
namespace {

// Passes feature 0 through both hidden layers to the first head, negated to the second.
Weights pass_through() {
  Weights weights;
  weights.shape = shape_of({4, 4});
  weights.inverse_sd.fill(1);
  weights.w[weight_offset(0)] = 1;
  weights.w[weight_offset(0, 0, 1)] = -1;
  weights.w[weight_offset(1)] = 1;
  weights.w[weight_offset(1, 1, 1)] = 1;
  weights.w[weight_offset(2, 0, kHeadBurst)] = 1;
  weights.w[weight_offset(2, 1, kHeadOrder)] = 1;
  weights.b[bias_offset(2, kHeadSlice)] = -7;
  return weights;
}

TEST(NetworkTest, ScalarTwinMatchesACaseWorkedByHand) {
  Weights weights = pass_through();
  weights.mean[0] = 5;
  weights.inverse_sd[0] = 0.5F;
  Features x{};
  Outputs y{};
  x[0] = 8;  // (8 - 5) / 2 = 1.5: positive branch
  forward_scalar(weights, x, y);
  EXPECT_EQ(y, (Outputs{1.5F, 0, 0, -7}));
  x[0] = 4;  // -0.5: negative branch
  forward_scalar(weights, x, y);
  EXPECT_EQ(y, (Outputs{0, 0.5F, 0, -7}));
}

TEST(NetworkTest, EveryInstructionSetAgreesWithTheScalarTwin) {
  Rng rng(1);
  for (int net = 0; net < 300; ++net) {
    const Weights weights = random_net(rng, random_shape(rng));
    ASSERT_TRUE(well_formed(weights));
    for (int sample = 0; sample < 4; ++sample) {
      const Features x = random_features(rng, weights);
      Outputs want;
      forward_scalar(weights, x, want);
      for (const Kernel& kernel : kernels()) {
        if (!kernel.supported) continue;
        SCOPED_TRACE(kernel.name);
        Outputs got;
        kernel.forward(weights, x, got);
        expect_same(got, want);
      }
    }
    if (HasFailure()) FAIL() << "net " << net;
  }
}

TEST(NetworkTest, ForwardIsTheWidestSupportedInstructionSet) {
  Rng rng(2);
  const Weights weights = random_net(rng);
  const Features x = random_features(rng, weights);
  for (const Kernel& kernel : kernels()) {
    if (!kernel.supported) continue;
    EXPECT_EQ(instruction_set(), kernel.name);
    Outputs want;
    Outputs got;
    kernel.forward(weights, x, want);
    forward(weights, x, got);
    EXPECT_EQ(got, want);
    return;
  }
  FAIL() << "no supported instruction set";
}

TEST(NetworkTest, UnusualFeaturesCountAsMeanOrFourDeviations) {
  const struct {
    float feature;
    Outputs want;
  } cases[] = {
      {100, {4, 0, 0, -7}},       {-100, {0, 4, 0, -7}},       {3.5F, {3.5F, 0, 0, -7}},
      {kInfinity, {4, 0, 0, -7}}, {-kInfinity, {0, 4, 0, -7}}, {kNaN, {0, 0, 0, -7}},
  };
  const Weights weights = pass_through();
  for (const auto& c : cases) {
    Features x{};
    x[0] = c.feature;
    Outputs y;
    forward_scalar(weights, x, y);
    EXPECT_EQ(y, c.want) << "scalar, " << c.feature;
    for (const Kernel& kernel : kernels()) {
      if (!kernel.supported) continue;
      kernel.forward(weights, x, y);
      EXPECT_EQ(y, c.want) << kernel.name << ", " << c.feature;
    }
  }
}

TEST(NetworkTest, AFeatureThatNeverVariedMayBeInfinite) {
  Weights weights = pass_through();
  weights.inverse_sd[0] = 0;
  Features x{};
  x[0] = kInfinity;
  Outputs y;
  forward(weights, x, y);
  EXPECT_EQ(y, (Outputs{0, 0, 0, -7}));
}

TEST(NetworkTest, OutputsStayFiniteAtTheBoundsOfWellFormedWeights) {
  Weights weights;
  weights.w.fill(0);
  for (int l = 0; l < weights.shape.layers; ++l) {
    for (int out = 0; out < weights.shape.width[l + 1]; ++out) {
      weights.b[bias_offset(l, out)] = kMaxWeight;
      for (int in = 0; in < weights.shape.width[l]; ++in) {
        weights.w[weight_offset(l, in, out)] = kMaxWeight;
      }
    }
  }
  weights.inverse_sd.fill(kMaxStatistic);
  ASSERT_TRUE(well_formed(weights));
  Features x;
  x.fill(kInfinity);
  for (const Kernel& kernel : kernels()) {
    if (!kernel.supported) continue;
    Outputs y;
    kernel.forward(weights, x, y);
    for (const float v : y) EXPECT_TRUE(std::isfinite(v)) << kernel.name;
  }
}

}  // namespace
}  // namespace quanta
