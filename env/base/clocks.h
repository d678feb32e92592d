// The clocks that do not belong to an environment. Any thread.
#pragma once

#include <ctime>

#include "env/base/types.h"

namespace quanta {

inline Nanos read_clock(clockid_t clock) {
  timespec time{};
  ::clock_gettime(clock, &time);
  return static_cast<Nanos>(time.tv_sec) * kSecond + static_cast<Nanos>(time.tv_nsec);
}

// CPU time that the calling thread has used.
inline Nanos thread_cpu() {
  return read_clock(CLOCK_THREAD_CPUTIME_ID);
}

// Since some moment in the past.
inline Nanos monotonic_time() {
  return read_clock(CLOCK_MONOTONIC);
}

}  // namespace quanta
