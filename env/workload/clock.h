// Clocks of a real load: wall time for latencies, the thread's own CPU time for work.
#pragma once

#include <cerrno>
#include <ctime>

#include "env/base/clocks.h"
#include "env/base/types.h"

namespace quanta::workload {

inline Nanos now() {
  return monotonic_time();
}

inline Nanos cpu_time() {
  return thread_cpu();
}

constexpr timespec to_timespec(Nanos t) {
  return {static_cast<time_t>(t / kSecond), static_cast<long>(t % kSecond)};
}

// Until `at` on the wall clock; says when it woke up. A time that has passed does not sleep.
inline Nanos sleep_until(Nanos at) {
  const timespec t = to_timespec(at);
  while (::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, nullptr) == EINTR) {
  }
  return now();
}

}  // namespace quanta::workload
