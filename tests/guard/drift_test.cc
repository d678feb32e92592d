// A load that changed is told from one that is merely uneven.
#include "agent/guard/drift.h"

#include <gtest/gtest.h>

#include <cmath>

#include "env/base/rng.h"

namespace quanta {
namespace {

constexpr double kSigma = 6;

// Windows until a drift is found, at most `limit`.
int windows_until_drift(Drift& drift, int limit, auto reward) {
  for (int i = 0; i < limit; ++i) {
    if (!drift.add(reward(), kSigma)) continue;
    drift = {};
    return i;
  }
  return limit;
}

TEST(Drift, AnUnevenLoadIsNone) {
  Rng rng(1);
  Drift drift;
  EXPECT_EQ(windows_until_drift(drift, 10'000, [&] { return 0.4 + 0.1 * rng.normal(); }), 10'000);
}

TEST(Drift, NeitherAreOddWindowsNowAndThen) {
  Rng rng(2);
  Drift drift;
  const auto reward = [&] { return 0.4 + 0.02 * rng.normal() - (rng.below(50) == 0 ? 3.0 : 0.0); };
  EXPECT_EQ(windows_until_drift(drift, 2'000, reward), 2'000);
}

TEST(Drift, AnotherLoadIsFoundWithinTheWindowsThatAreJudged) {
  Rng rng(3);
  Drift drift;
  ASSERT_EQ(windows_until_drift(drift, 200, [&] { return 0.4 + 0.02 * rng.normal(); }), 200);
  const int found = windows_until_drift(drift, 100, [&] { return -0.2 + 0.02 * rng.normal(); });
  EXPECT_LE(found, static_cast<int>(Drift::kLately));
}

TEST(Drift, AfterOneAllIsJudgedAnew) {
  Rng rng(4);
  Drift drift;
  ASSERT_EQ(windows_until_drift(drift, 200, [&] { return 0.4 + 0.02 * rng.normal(); }), 200);
  ASSERT_LT(windows_until_drift(drift, 100, [&] { return 1 + 0.02 * rng.normal(); }), 100);
  EXPECT_EQ(windows_until_drift(drift, 1'000, [&] { return 1 + 0.02 * rng.normal(); }), 1'000);
}

TEST(Drift, SigmaZeroLooksForNone) {
  Drift drift;
  for (int i = 0; i < 200; ++i) ASSERT_FALSE(drift.add(i < 100 ? 0 : 1e6, 0));
}

}  // namespace
}  // namespace quanta
