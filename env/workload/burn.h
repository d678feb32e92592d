// Uses CPU time: arithmetic in chunks of about 20 us, between which the thread's clock is read.
//
// A burst ends at most a few microseconds late: the last chunk is fitted to what is left at the
// speed measured so far. Where the CPU changes its speed within a chunk (under instruction counting
// an idle CPU gives its share to the others), by up to that chunk. No PAUSE, no memory, no system
// call but the clock's. One burner per thread.
#pragma once

#include <cstdint>

#include "env/base/types.h"

namespace quanta::workload {

class Burner {
 public:
  static constexpr Nanos kChunk = 20 * kMicrosecond;

  // One chunk, from `at` towards `end`, both of this thread's CPU time; returns that time after it.
  Nanos chunk(Nanos at, Nanos end);

 private:
  double per_nano_ = 0.1;  // iterations; measured as it goes
};

}  // namespace quanta::workload
