#include "agent/ope/ridge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "env/base/rng.h"

namespace quanta {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;

TEST(Ridge, ShrinksInProportionToTheDiagonal) {
  // X'X = diag(4, 4), X'y = (4, 8): the constant is 1, the slope 8 / (4 * 1.001).
  Ridge ridge(2, 1);
  for (const double x : {-1.0, 1.0, -1.0, 1.0}) {
    const double row[] = {1, x};
    const double y[] = {1 + 2 * x};
    ridge.add(row, y);
  }
  EXPECT_THAT(ridge.solve()[0], ElementsAre(DoubleNear(1, 1e-12), DoubleNear(2 / 1.001, 1e-12)));
}

TEST(Ridge, FindsTheCoefficientsOfEachOutcome) {
  Rng rng(1);
  Ridge first(4, 2);
  Ridge second(4, 2);
  for (int i = 0; i < 4000; ++i) {
    const double a = rng.normal();
    const double b = 1e6 * rng.normal();
    const double row[] = {1, a, b, 0};  // the last is always 0
    const double y[] = {3 - 2 * a + 5e-6 * b, a + 0.1 * rng.normal()};
    (i % 2 == 0 ? first : second).add(row, y);
  }
  first.add(second);
  const auto b = first.solve();
  EXPECT_THAT(b[0], ElementsAre(DoubleNear(3, 0.01), DoubleNear(-2, 0.01), DoubleNear(5e-6, 1e-8),
                                DoubleNear(0, 0)));
  EXPECT_THAT(b[1], ElementsAre(DoubleNear(0, 0.01), DoubleNear(1, 0.01), DoubleNear(0, 1e-8),
                                DoubleNear(0, 0)));
}

TEST(Ridge, ColumnsThatAreTheSameShareTheirCoefficient) {
  Rng rng(2);
  Ridge ridge(3, 1);
  for (int i = 0; i < 1000; ++i) {
    const double x = rng.normal();
    const double row[] = {1, x, x};
    const double y[] = {4 * x};
    ridge.add(row, y);
  }
  EXPECT_THAT(ridge.solve()[0],
              ElementsAre(DoubleNear(0, 0.01), DoubleNear(2, 0.01), DoubleNear(2, 0.01)));
}

}  // namespace
}  // namespace quanta
