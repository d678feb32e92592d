// What acts and falls behind is found within a few comparisons; noise is not taken for it.
#include "agent/guard/lead.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "env/base/rng.h"

namespace quanta {
namespace {

constexpr double kThreshold = 6;
constexpr double kKeep = 0.975;  // of the comparisons before, as the gate has it

// Comparison in which the lead counts as lost; `most`: in none.
template <class Difference>
int lost_at(int most, Difference difference) {
  Lead lead;
  UpliftSums sums;
  for (int i = 0; i < most; ++i) {
    TermsAndTotal terms{};
    terms[kTotal] = difference(i);
    lead.add(terms[kTotal], sums.of());
    sums.add(terms, kKeep);
    if (lead.is_lost(kThreshold)) return i;
  }
  return most;
}

TEST(Lead, ALossOfTwoDeviationsIsFoundInAFewComparisons) {
  constexpr int kRuns = 200;
  constexpr int kAt = 40;
  std::vector<int> after;
  for (uint64_t seed = 0; seed < kRuns; ++seed) {
    Rng rng(seed);
    after.push_back(
        lost_at(400, [&](int i) { return 0.1 + 0.05 * rng.normal() - (i >= kAt ? 0.1 : 0); }) -
        kAt);
  }
  std::sort(after.begin(), after.end());
  EXPECT_GE(after[kRuns / 20], 0);  // noise comes first in one of twenty at most
  EXPECT_LE(after[kRuns / 2], 5);
  EXPECT_LE(after[kRuns * 9 / 10], 12);
}

TEST(Lead, NoiseIsNoLossButOnceInThousands) {
  int lost = 0;
  for (uint64_t seed = 0; seed < 100; ++seed) {
    Rng rng(seed, 1);
    if (lost_at(1000, [&](int) { return 0.1 + 0.05 * rng.normal(); }) < 1000) ++lost;
  }
  EXPECT_LE(lost, 10);
}

TEST(Lead, OneOddComparisonIsNoLoss) {
  Rng rng(1);
  EXPECT_EQ(lost_at(200, [&](int i) { return 0.1 + 0.01 * rng.normal() - (i == 100 ? 50 : 0); }),
            200);
}

TEST(Lead, AddsUpWhatEachArmFallsBehindItsOwnMean) {
  // Deviations: 0.04 and 2, so that it counts from 0.09 and 1.5 on downwards, less half of them.
  const Uplift one{.mean = 0.1, .standard_error = 0.01, .rounds = 16};
  const Uplift other{.mean = 2, .standard_error = 0.5, .rounds = 16};
  Lead lead;
  lead.add(0.03, one);    // 1.5 - 0.5
  lead.add(-3, other);    // 2.25 - 0.5
  lead.add(-100, other);  // as much as counts: 3 - 0.5
  EXPECT_FALSE(lead.is_lost(5.3));
  EXPECT_TRUE(lead.is_lost(5.2));
  lead.add(0.17, one);  // -2 - 0.5
  EXPECT_FALSE(lead.is_lost(2.8));
  EXPECT_TRUE(lead.is_lost(2.7));
  EXPECT_FALSE(lead.is_lost(0)) << "not looked for";
}

TEST(Lead, FewComparisonsSayNothing) {
  Lead lead;
  for (int i = 0; i < 100; ++i) lead.add(-1, {.mean = 1, .standard_error = 0.1, .rounds = 7});
  EXPECT_FALSE(lead.is_lost(kThreshold));
}

}  // namespace
}  // namespace quanta
