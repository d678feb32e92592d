#include "env/shadow/host_timing.h"

#include <gtest/gtest.h>

namespace quanta {
namespace {

TEST(HostTiming, JiffiesAreFoundInATimerList) {
  EXPECT_EQ(jiffies_in("x\n  .idle_jiffies : 7\njiffies: 4299078865\n"), 4299078865U);
  EXPECT_EQ(jiffies_in("nothing\n"), std::nullopt);
  EXPECT_EQ(jiffies_in("\njiffies: \n"), std::nullopt);
}

TEST(HostTiming, TheTickIsTheUsualOneThatIsNearest) {
  EXPECT_EQ(nearest_tick(25, 100 * kMillisecond), 4 * kMillisecond);
  EXPECT_EQ(nearest_tick(26, 101 * kMillisecond), 4 * kMillisecond);
  EXPECT_EQ(nearest_tick(100, 101 * kMillisecond), kMillisecond);
  EXPECT_EQ(nearest_tick(11, 100 * kMillisecond), 10 * kMillisecond);
}

TEST(HostTiming, OfThisKernelItIsOneOfThem) {
  const Nanos tick = read_host_timing().tick;
  EXPECT_GE(tick, kMillisecond);
  EXPECT_LE(tick, 10 * kMillisecond);
}

}  // namespace
}  // namespace quanta
