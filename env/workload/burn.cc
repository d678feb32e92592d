#include "env/workload/burn.h"

#include <algorithm>

#include "env/workload/clock.h"

namespace quanta::workload {
namespace {

constexpr uint64_t kCalibrating = 500;

void spin(uint64_t iterations) {
  uint64_t x = iterations;
  for (uint64_t i = 0; i < iterations; ++i) {
    x = x * 6364136223846793005ULL + 1442695040888963407ULL;
    asm volatile("" : "+r"(x));  // keeps the loop
  }
}

}  // namespace

Nanos Burner::chunk(Nanos at, Nanos end) {
  const double want = static_cast<double>(std::min(end - at, kChunk));
  const auto iterations = std::max<uint64_t>(1, static_cast<uint64_t>(want * per_nano_));
  spin(iterations);
  const Nanos then = cpu_time();
  // Short chunks would measure the clock's cost; an interrupt in a chunk must not pass for speed.
  if (iterations >= kCalibrating && then > at) {
    const double speed = static_cast<double>(iterations) / static_cast<double>(then - at);
    per_nano_ = std::clamp(speed, per_nano_ / 2, per_nano_ * 2);
  }
  return then;
}

}  // namespace quanta::workload
