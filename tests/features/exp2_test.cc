#include "agent/features/exp2.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "env/base/rng.h"

namespace quanta {
namespace {

TEST(Exp2, IsExactForWholeNumbers) {
  for (int e = -149; e < 128; ++e) {
    EXPECT_EQ(exp2_of(static_cast<float>(e)), std::ldexp(1.0F, e)) << e;
  }
}

TEST(Exp2, StaysWithinItsBound) {
  Rng rng(1);
  for (int i = 0; i < 200'000; ++i) {
    const auto x = static_cast<float>(80 * rng.uniform() - 40);
    const double want = std::exp2(static_cast<double>(x));
    EXPECT_NEAR(exp2_of(x), want, 1.02 * 0.5 * want * 0x1p-23) << x;
  }
}

TEST(Exp2, OverflowsToInfinityAndUnderflowsToZero) {
  EXPECT_EQ(exp2_of(200), std::numeric_limits<float>::infinity());
  EXPECT_EQ(exp2_of(-200), 0);
}

}  // namespace
}  // namespace quanta
