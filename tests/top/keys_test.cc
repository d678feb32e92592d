#include "agent/top/keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace quanta {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class TopKeys : public ::testing::Test {
 protected:
  void type(const std::string& keys) {
    for (const char key : keys) press(state, key, 20, 5);
  }
  TopState state;
};

TEST_F(TopKeys, QQuits) {
  type("x");
  EXPECT_FALSE(state.quit);
  type("q");
  EXPECT_TRUE(state.quit);
}

TEST_F(TopKeys, SGoesThroughAllColumnsAndRound) {
  const SortKey first = state.order.by;
  for (int i = 0; i < static_cast<int>(SortKey::kKeys); ++i) type("s");
  EXPECT_EQ(state.order.by, first);
  type("s");
  EXPECT_NE(state.order.by, first);
  type("S");
  EXPECT_EQ(state.order.by, first);
  state.order.by = SortKey::kPid;
  type("<");
  EXPECT_EQ(state.order.by, SortKey::kAge);
}

TEST_F(TopKeys, RReversesAndEShowsThoseThatExited) {
  type("re");
  EXPECT_TRUE(state.order.reversed && state.order.exited);
  type("re");
  EXPECT_FALSE(state.order.reversed || state.order.exited);
}

TEST_F(TopKeys, AFilterIsTyped) {
  state.first = 9;
  type("/qrs");  // no commands now
  EXPECT_EQ(state.order.filter, "qrs");
  EXPECT_EQ(state.first, 0U);
  EXPECT_FALSE(state.quit);
  EXPECT_THAT(help_line(state), HasSubstr("filter: qrs_"));
  type("\x7f\x01");
  EXPECT_EQ(state.order.filter, "qr");
  type("\n");
  EXPECT_FALSE(state.typing);
  EXPECT_THAT(help_line(state), StartsWith("filter: qr  q quit"));
  type("q");
  EXPECT_TRUE(state.quit);
}

TEST_F(TopKeys, EscapeDropsTheFilter) {
  type("/ab\x1b");
  EXPECT_FALSE(state.typing);
  EXPECT_EQ(state.order.filter, "");
  type("/ab\n\x1b");
  EXPECT_EQ(state.order.filter, "");
}

TEST_F(TopKeys, ScrollingStaysWithinTheTasks) {
  press(state, kKeyUp, 20, 5);
  EXPECT_EQ(state.first, 0U);
  press(state, kKeyDown, 20, 5);
  press(state, kKeyPageDown, 20, 5);
  EXPECT_EQ(state.first, 6U);
  for (int i = 0; i < 9; ++i) press(state, kKeyPageDown, 20, 5);
  EXPECT_EQ(state.first, 19U);
  press(state, kKeyPageUp, 20, 5);
  EXPECT_EQ(state.first, 14U);
  press(state, kKeyDown, 0, 5);
  EXPECT_EQ(state.first, 0U);
}

}  // namespace
}  // namespace quanta
