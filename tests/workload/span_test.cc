// What counts as measured.
#include <gtest/gtest.h>

#include "env/workload/board.h"

namespace quanta::workload {
namespace {

constexpr Window kWindow{100, 200};

TEST(Span, CountsWhatStartsWithinTheWindow) {
  Span span;
  for (const Nanos start : {99, 100, 199, 200}) {
    span.start(start);
    span.stop(start + 10, kWindow);
  }
  EXPECT_EQ(span.result(kWindow).count(), 2U);
  EXPECT_EQ(span.result(kWindow).max(), 10U);
}

TEST(Span, CountsWhatNeverStoppedWithItsAge) {
  Span span;
  span.start(40);
  EXPECT_EQ(span.result(kWindow).max(), 160U);
  span.start(200);
  EXPECT_EQ(span.result(kWindow).count(), 0U);
}

TEST(Span, LeavesOutToleratedAges) {
  Span span;
  span.tolerate(30);
  span.start(175);
  EXPECT_EQ(span.result(kWindow).count(), 0U);
  span.start(165);
  EXPECT_EQ(span.result(kWindow).max(), 35U);
}

}  // namespace
}  // namespace quanta::workload
