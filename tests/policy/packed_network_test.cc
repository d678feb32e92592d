// The network in integers: equal to plain integers, near the float one, and nothing unfit is
// packed.
#include "agent/policy/packed_network.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <limits>
#include <random>

#include "bpf/policy.bpf.h"
#include "tests/policy/integer_reference.h"
#include "tests/policy/random_net.h"

namespace quanta {
namespace {

using ::testing::HasSubstr;

// A float network, and features around its statistics.
struct FloatNetwork {
  explicit FloatNetwork(uint64_t seed, int hidden = 16)
      : rng(seed, 1), weights(random_net(rng, shape_of({hidden, hidden}))) {}

  // In 256ths, as the kernel has them.
  std::array<__s64, kInputs> features() {
    std::array<__s64, kInputs> x;
    for (size_t i = 0; i < kInputs; ++i) {
      x[i] = std::lround(256 * (weights.mean[i] + rng.normal() / weights.inverse_sd[i]));
    }
    return x;
  }

  Rng rng;
  Weights weights;
};

std::array<__s32, kHeads> packed(const quanta_network& network,
                                 const std::array<__s64, kInputs>& x) {
  std::array<__s32, kHeads> heads;
  quanta_layers layers;
  evaluate(&network, x.data(), &layers, heads.data());
  return heads;
}

TEST(PackedNetwork, EqualsPlainIntegersOnRandomNetworks) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 100'000; ++i) {
    const IntegerNetwork plain = random_integer_network(random);
    const Result<quanta_network> network = pack(plain);
    ASSERT_TRUE(network) << network.error().message;
    const std::array<__s64, kInputs> x = random_features(random);
    ASSERT_EQ(packed(*network, x), reference_heads(plain, x)) << "network " << i;
  }
}

// Relative to the output's own deviation, per network; the worst of fifty.
TEST(PackedNetwork, IsWithinATenthOfTheFloatNetwork) {
  constexpr int kNetworks = 50;
  double mean_error = 0;
  double worst = 0;
  for (uint64_t seed = 1; seed <= kNetworks; ++seed) {
    FloatNetwork net(seed);
    const Result<IntegerNetwork> plain = quantise(net.weights);
    ASSERT_TRUE(plain) << plain.error().message;
    const Result<quanta_network> network = pack(*plain);
    ASSERT_TRUE(network) << network.error().message;
    double error = 0;
    double square = 0;
    double sum = 0;
    constexpr int kSamples = 1000;
    for (int i = 0; i < kSamples; ++i) {
      const std::array<__s64, kInputs> x = net.features();
      Features real;
      for (size_t f = 0; f < kInputs; ++f) real[f] = static_cast<float>(x[f]) / 256;
      Outputs y;
      forward_scalar(net.weights, real, y);
      const std::array<__s32, kHeads> heads = packed(*network, x);
      for (size_t h = 0; h < kHeads; ++h) {
        const double most = h == kHeadSlice ? 2.5 : 3.3;
        const double truth = std::clamp(static_cast<double>(y[h]), -most, most);
        error += std::pow(heads[h] / 4096.0 - truth, 2);
        square += truth * truth;
        sum += truth;
      }
    }
    const double mean = sum / (kSamples * kHeads);
    const double deviation = std::sqrt(square / (kSamples * kHeads) - mean * mean);
    const double relative = std::sqrt(error / (kSamples * kHeads)) / deviation;
    EXPECT_LT(relative, 0.1) << "network " << seed;
    mean_error += relative / kNetworks;
    worst = std::max(worst, relative);
  }
  std::printf("error, of the output's deviation: mean %.3f, worst of %d %.3f\n", mean_error,
              kNetworks, worst);
}

TEST(PackedNetwork, IsThePriorWhenItsHeadsAreZero) {
  FloatNetwork net(3);
  EXPECT_EQ(pack(*quantise(net.weights))->is_prior, 0U);
  for (int i = 0; i < kMaxHidden; ++i) {
    for (int o = 0; o < kHeads; ++o) {
      net.weights.w[weight_offset(2, i, o)] = 0;
      net.weights.b[bias_offset(2, o)] = 0;
    }
  }
  const quanta_network network = *pack(*quantise(net.weights));
  EXPECT_EQ(network.is_prior, 1U);
  EXPECT_EQ(packed(network, net.features()), (std::array<__s32, kHeads>{}));
  EXPECT_EQ(network.exploration_sd, 2048U);
}

TEST(PackedNetwork, TakesNarrowerLayers) {
  FloatNetwork net(4, 8);
  ASSERT_TRUE(fits_the_kernel(net.weights.shape));
  EXPECT_TRUE(pack(*quantise(net.weights)));
}

TEST(PackedNetwork, SurvivesExtremeWeights) {
  for (const float size : {1e-6F, 1e-3F, 1e3F}) {
    FloatNetwork net(5);
    for (float& w : net.weights.w) w = w == 0 ? 0 : std::copysign(size, w);
    const Result<IntegerNetwork> plain = quantise(net.weights);
    ASSERT_TRUE(plain) << plain.error().message;
    const Result<quanta_network> network = pack(*plain);
    ASSERT_TRUE(network) << size << ": " << network.error().message;
    const std::array<__s64, kInputs> x = net.features();
    EXPECT_EQ(packed(*network, x), reference_heads(*plain, x)) << size;
  }
}

TEST(PackedNetwork, RefusesWhatIsNotFinite) {
  FloatNetwork net(6);
  net.weights.w[3] = std::numeric_limits<float>::quiet_NaN();
  const Result<IntegerNetwork> plain = quantise(net.weights);
  ASSERT_FALSE(plain);
  EXPECT_THAT(plain.error().message, HasSubstr("not finite"));
}

TEST(PackedNetwork, RefusesAnotherShape) {
  const Weights deeper;  // three hidden layers of 32
  const Result<IntegerNetwork> plain = quantise(deeper);
  ASSERT_FALSE(plain);
  EXPECT_THAT(plain.error().message, HasSubstr("two hidden layers"));
}

TEST(PackedNetwork, RefusesSumsThatCouldOverflow) {
  FloatNetwork net(7);
  const IntegerNetwork fits = *quantise(net.weights);
  ASSERT_TRUE(pack(fits));
  for (int which = 0; which < 3; ++which) {
    IntegerNetwork plain = fits;
    if (which == 0) plain.hidden1[2][5] += kHiddenLane;
    if (which == 1) plain.bias2[15] = -kHiddenLane - 1;
    if (which == 2) plain.heads[0][kHeadSlice] = std::numeric_limits<int64_t>::max();
    const Result<quanta_network> network = pack(plain);
    ASSERT_FALSE(network) << which;
    EXPECT_THAT(network.error().message, HasSubstr("overflow"));
  }
}

}  // namespace
}  // namespace quanta
