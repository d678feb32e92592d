// The hot thread must not fault: its memory is locked, its stack touched, and its faults counted.
#pragma once

#include <cstdint>

#include "agent/metrics/hot_counters.h"
#include "env/base/result.h"

namespace quanta {

// Brings all memory of the process into RAM and keeps it there; what is mapped later may move. The
// error is one line that says what would allow it.
Status lock_memory();

// Touches and locks as much of the calling thread's stack as the hot loop can need.
void hold_stack();

// Page faults of the calling thread from now on. One thread; each sample is a system call.
class FaultSampler {
 public:
  explicit FaultSampler(HotCounters& counters);
  void sample();

 private:
  HotCounters& counters_;
  uint64_t minor_;
  uint64_t major_;
};

}  // namespace quanta
