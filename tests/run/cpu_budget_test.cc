#include "agent/run/cpu_budget.h"

#include <gtest/gtest.h>

namespace quanta {
namespace {

constexpr Nanos kStart = 5 * kSecond;

TEST(CpuBudgetTest, WhatATurnHasCostIsPaidOffAtTheShare) {
  CpuBudget budget(0.25, kStart);
  EXPECT_TRUE(budget.allows(kStart));
  budget.spent(100 * kMillisecond);
  EXPECT_FALSE(budget.allows(kStart));
  EXPECT_FALSE(budget.allows(kStart + 200 * kMillisecond));
  EXPECT_FALSE(budget.allows(kStart + 399 * kMillisecond));
  EXPECT_TRUE(budget.allows(kStart + 400 * kMillisecond));
}

TEST(CpuBudgetTest, TimeInWhichThereWasNothingToDoIsNotSaved) {
  CpuBudget budget(0.5, kStart);
  EXPECT_TRUE(budget.allows(kStart + 10 * kSecond));
  budget.spent(kSecond);
  EXPECT_FALSE(budget.allows(kStart + 11 * kSecond));
  EXPECT_TRUE(budget.allows(kStart + 12 * kSecond));
}

TEST(CpuBudgetTest, AtALowerPaceItIsPaidOffLater) {
  CpuBudget budget(0.5, kStart);
  budget.spent(100 * kMillisecond);
  EXPECT_FALSE(budget.allows(kStart + 100 * kMillisecond, 1));  // 50 ms are left
  EXPECT_FALSE(budget.allows(kStart + 499 * kMillisecond, 0.25));
  EXPECT_TRUE(budget.allows(kStart + 500 * kMillisecond, 0.25));
}

TEST(CpuBudgetTest, AWholeCpuIsNoBound) {
  EXPECT_TRUE(CpuBudget(1, kStart).unbounded());
  EXPECT_FALSE(CpuBudget(0.99, kStart).unbounded());
}

}  // namespace
}  // namespace quanta
