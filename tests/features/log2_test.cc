#include "agent/features/log2.h"

#include <gtest/gtest.h>

#include <cmath>
#include <initializer_list>

namespace quanta {
namespace {

TEST(Log2, IsExactAtPowersOfTwoAndLinearBetween) {
  EXPECT_EQ(log2_q8(0), 0);
  EXPECT_EQ(log2_q8(1), 0);
  for (int e = 1; e < 64; ++e) EXPECT_EQ(log2_q8(uint64_t{1} << e), e * kOctave) << e;
  EXPECT_EQ(log2_q8(3), kOctave + kOctave / 2);
  EXPECT_EQ(log2_q8(5), 2 * kOctave + kOctave / 4);
  EXPECT_EQ(log2_q8(~uint64_t{0}), 64 * kOctave - 1);
}

TEST(Log2, StaysWithinItsBoundAndNeverFalls) {
  int32_t previous = 0;
  for (uint64_t v = 1; v < uint64_t{1} << 62; v += 1 + v / 500) {
    const int32_t q = log2_q8(v);
    EXPECT_GE(q, previous) << v;
    previous = q;
    const double below = std::log2(static_cast<double>(v)) - static_cast<double>(q) / kOctave;
    EXPECT_GE(below, -1e-9) << v;
    EXPECT_LE(below, 0.09) << v;
  }
}

TEST(Log2, OfFourIsThatOfEach) {
  for (uint64_t v = 0; v < uint64_t{1} << 52; v += 1 + v / 300) {
    const FourLogs four = log2_q8(v, v + 1, v / 3, 2 * v);
    EXPECT_EQ(four[0], log2_q8(v)) << v;
    EXPECT_EQ(four[1], log2_q8(v + 1)) << v;
    EXPECT_EQ(four[2], log2_q8(v / 3)) << v;
    EXPECT_EQ(four[3], log2_q8(2 * v)) << v;
  }
}

}  // namespace
}  // namespace quanta
