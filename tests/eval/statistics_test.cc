// Intervals against values worked by hand with t tables.
#include "agent/eval/statistics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace quanta {
namespace {

TEST(Confidence, IsTheTTablesHalfWidth) {
  // Five values 1..5: s^2 = 2.5, standard error sqrt(0.5), t(4, 0.975) = 2.776445.
  const std::vector<double> five{1, 2, 3, 4, 5};
  EXPECT_DOUBLE_EQ(confidence(five).mean, 3);
  EXPECT_NEAR(confidence(five).half, 2.776445 * std::sqrt(0.5), 1e-5);
  // Two values: t(1, 0.975) = 12.70620, standard error 1.
  const std::vector<double> two{4, 6};
  EXPECT_DOUBLE_EQ(confidence(two).mean, 5);
  EXPECT_NEAR(confidence(two).half, 12.70620, 1e-4);
}

TEST(Confidence, KnowsNothingOfASpreadFromOneValue) {
  const std::vector<double> one{7};
  EXPECT_EQ(confidence(one).mean, 7);
  EXPECT_TRUE(std::isinf(confidence(one).half));
  EXPECT_EQ(verdict(confidence(one)), Verdict::kSame);
}

TEST(PairedDifference, RemovesWhatTheSeedsHaveInCommon) {
  const std::vector<double> a{11, 25, 42};
  const std::vector<double> b{10, 24, 40};
  // 1, 1, 2: mean 4/3, s = 0.57735, standard error 1/3, t(2, 0.975) = 4.302653.
  const Interval paired = paired_difference(a, b);
  EXPECT_NEAR(paired.mean, 4.0 / 3, 1e-12);
  EXPECT_NEAR(paired.half, 4.302653 / 3, 1e-5);
}

TEST(PairedDifference, CountsRunsThatNoSeedChangesAsOne) {
  const std::vector<double> a{3, 3, 3};
  const std::vector<double> b{1, 1, 1};
  EXPECT_EQ(paired_difference(a, b).mean, 2);
  EXPECT_EQ(verdict(paired_difference(a, b)), Verdict::kSame);
  const std::vector<double> varied{1, 1, 1.5};
  EXPECT_EQ(verdict(paired_difference(a, varied)), Verdict::kBetter);
}

TEST(Verdict, AsksForAnIntervalApartFromZero) {
  const struct {
    Interval difference;
    Verdict expected;
    std::string_view mark;
  } cases[] = {
      {{0.5, 0.4}, Verdict::kBetter, "+"}, {{0.5, 0.5}, Verdict::kSame, "="},
      {{-0.5, 0.4}, Verdict::kWorse, "-"}, {{-0.5, 0.6}, Verdict::kSame, "="},
      {{0, 0}, Verdict::kSame, "="},       {{1e-9, 0}, Verdict::kBetter, "+"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(verdict(c.difference), c.expected) << c.difference.mean << " ± " << c.difference.half;
    EXPECT_EQ(mark(verdict(c.difference)), c.mark);
  }
}

TEST(Readable, LeavesOutAHalfWidthThatIsNotKnown) {
  EXPECT_EQ(readable({0.25, 0.125}, "s"), "0.25 ±0.12s");
  EXPECT_EQ(readable(confidence(std::vector<double>{3})), "3");
}

}  // namespace
}  // namespace quanta
