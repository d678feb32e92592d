// What well_formed() refuses and what the checksum sees.
#include <gtest/gtest.h>

#include <limits>
#include <ostream>

#include "agent/policy/network.h"
#include "tests/policy/random_net.h"

namespace quanta {
namespace {

struct Damage {
  const char* name;
  void (*apply)(Weights&);
};

// Names the case in a failure's message.
void PrintTo(const Damage& damage, std::ostream* out) {
  *out << damage.name;
}

class NetworkRefusalTest : public testing::TestWithParam<Damage> {};

TEST_P(NetworkRefusalTest, DamagedWeightsAreNotWellFormed) {
  Rng rng(3);
  Weights weights = random_net(rng, shape_of({20, 12}));
  ASSERT_TRUE(well_formed(weights));
  GetParam().apply(weights);
  EXPECT_FALSE(well_formed(weights));
}

const Damage kDamages[] = {
    {"NoLayers", [](Weights& w) { w.shape.layers = 0; }},
    {"NegativeLayers", [](Weights& w) { w.shape.layers = -1; }},
    {"OneHiddenLayer", [](Weights& w) { w.shape = Shape{2, {kInputs, 20, kHeads}}; }},
    {"TooManyLayers", [](Weights& w) { w.shape.layers = kMaxLayers + 1; }},
    {"OtherInputs", [](Weights& w) { w.shape.width[0] = kInputs - 1; }},
    {"OtherHeads", [](Weights& w) { w.shape.width[3] = kHeads + 1; }},
    {"EmptyLayer", [](Weights& w) { w.shape.width[1] = 0; }},
    {"NegativeWidth", [](Weights& w) { w.shape.width[2] = -16; }},
    {"TooWide", [](Weights& w) { w.shape.width[1] = kMaxHidden + 1; }},
    {"WidthPastTheLastLayer", [](Weights& w) { w.shape.width[4] = 1; }},
    {"NanWeight", [](Weights& w) { w.w[weight_offset(1, 3, 2)] = kNaN; }},
    {"InfiniteWeight", [](Weights& w) { w.w[weight_offset(0)] = -kInfinity; }},
    {"HugeWeight", [](Weights& w) { w.w[weight_offset(2)] = 1.01F * kMaxWeight; }},
    {"NanBias", [](Weights& w) { w.b[bias_offset(2, kHeadSlice)] = kNaN; }},
    {"HugeBias", [](Weights& w) { w.b[bias_offset(0)] = -1.01F * kMaxWeight; }},
    {"ColumnPastTheShape", [](Weights& w) { w.w[weight_offset(0, 0, 20)] = 1; }},
    {"RowPastTheShape", [](Weights& w) { w.w[weight_offset(1, 20)] = kNaN; }},
    {"LayerPastTheShape", [](Weights& w) { w.w[weight_offset(3)] = 1; }},
    {"BiasPastTheShape", [](Weights& w) { w.b[bias_offset(1, 12)] = 1; }},
    {"NanMean", [](Weights& w) { w.mean[15] = kNaN; }},
    {"HugeMean", [](Weights& w) { w.mean[0] = -2 * kMaxStatistic; }},
    {"InfiniteInverseSd", [](Weights& w) { w.inverse_sd[15] = kInfinity; }},
    {"NegativeInverseSd", [](Weights& w) { w.inverse_sd[0] = -1; }},
    {"NanExploration", [](Weights& w) { w.exploration_sd = kNaN; }},
    {"NegativeExploration", [](Weights& w) { w.exploration_sd = -0.1F; }},
    {"HugeExploration", [](Weights& w) { w.exploration_sd = 1.01F * kMaxExplorationSd; }},
    {"ReservedBytes", [](Weights& w) { w.reserved[27] = 1; }},
};
INSTANTIATE_TEST_SUITE_P(All, NetworkRefusalTest, testing::ValuesIn(kDamages),
                         [](const auto& test) { return test.param.name; });

TEST(NetworkWeightsTest, AnUntrainedNetworkIsWellFormed) {
  EXPECT_TRUE(well_formed(Weights{}));
}

TEST(NetworkWeightsTest, ChecksumIsFnv1aOfAllThatStandsBeforeIt) {
  // All bytes zero: the offset basis times the prime to the power of the byte count.
  Weights weights;
  weights.shape = Shape{0, {}};
  uint64_t want = 0xcbf29ce484222325ULL;
  for (size_t i = 0; i < offsetof(Weights, checksum); ++i) want *= 0x100000001b3ULL;
  weights.checksum = 12345;
  EXPECT_EQ(checksum_of(weights), want);
}

TEST(NetworkWeightsTest, ChecksumDetectsEveryFlippedByte) {
  Rng rng(4);
  Weights weights = random_net(rng);
  auto* bytes = reinterpret_cast<uint8_t*>(&weights);
  for (size_t i = 0; i < offsetof(Weights, checksum); ++i) {
    const auto flip = static_cast<uint8_t>(1U << (i % 8));
    bytes[i] ^= flip;
    ASSERT_NE(checksum_of(weights), weights.checksum) << "byte " << i;
    bytes[i] ^= flip;
  }
  EXPECT_EQ(checksum_of(weights), weights.checksum);
}

}  // namespace
}  // namespace quanta
