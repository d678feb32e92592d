#include "env/workload/burn.h"

#include <gtest/gtest.h>

#include "env/workload/clock.h"

namespace quanta::workload {
namespace {

TEST(Burner, UsesTheCpuTimeItIsAskedFor) {
  constexpr Nanos kBurst = 300 * kMicrosecond;
  constexpr int kBursts = 50;
  Burner burner;
  Nanos over = 0;
  for (int i = 0; i < kBursts; ++i) {
    Nanos at = cpu_time();
    const Nanos end = at + kBurst;
    while (at < end) at = burner.chunk(at, end);
    over += at - end;
  }
  EXPECT_LT(over, kBursts * kBurst / 20);  // 15 us a burst; about 1 us on an idle machine
}

TEST(Burner, ReadsTheClockAboutOnceAChunk) {
  Burner burner;
  Nanos at = cpu_time();
  const Nanos end = at + 20 * kMillisecond;
  size_t chunks = 0;
  for (; at < end; ++chunks) at = burner.chunk(at, end);
  EXPECT_GT(chunks, 20 * kMillisecond / Burner::kChunk / 4);
  EXPECT_LT(chunks, 20 * kMillisecond / Burner::kChunk * 4);
}

}  // namespace
}  // namespace quanta::workload
