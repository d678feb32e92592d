// What the recorder must know of the running kernel beyond CO-RE. Thread-safe.
#pragma once

#include <cstdint>

#include "env/base/result.h"

namespace quanta {

// One line that names what is missing and the mend, or nothing when recording can work here.
Status check_can_trace();

// Where the running kernel counts interrupts; what in_interrupt() of bpf/kernel.bpf.h goes by.
struct InterruptCount {
  bool known = false;
  int64_t distance = 0;  // per-CPU: bytes from a CPU's `runqueues`; 0: in thread_info
};

InterruptCount interrupt_count();

}  // namespace quanta
