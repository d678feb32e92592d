#include "env/shadow/decision_share.h"

#include <gtest/gtest.h>

namespace quanta {
namespace {

// Of so many a second, over a second.
int taken(DecisionShare& share, Nanos start, int per_second) {
  int n = 0;
  for (int i = 0; i < per_second; ++i) {
    n += share.takes(start + kSecond * static_cast<Nanos>(i) / static_cast<Nanos>(per_second));
  }
  return n;
}

TEST(DecisionShare, IsAllWhileThereAreFewAndThenAsManyAsAreWanted) {
  DecisionShare share(1000);
  EXPECT_EQ(taken(share, 1 * kSecond, 900), 900);
  EXPECT_EQ(taken(share, 2 * kSecond, 900), 900);
  EXPECT_EQ(taken(share, 3 * kSecond, 20'000), 20'000);  // nobody knew
  EXPECT_NEAR(taken(share, 4 * kSecond, 20'000), 1000, 150);
  EXPECT_NEAR(taken(share, 5 * kSecond, 40'000), 2000, 200);
  EXPECT_NEAR(taken(share, 6 * kSecond, 40'000), 1000, 150);
  taken(share, 7 * kSecond, 900);
  EXPECT_EQ(taken(share, 8 * kSecond, 900), 900);
}

}  // namespace
}  // namespace quanta
