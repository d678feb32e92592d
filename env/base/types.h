// Units and identifiers shared by every environment and by the agent.
#pragma once

#include <cstdint>

namespace quanta {

// Nanoseconds, on the environment's own clock (virtual in `sim`); never the wall clock.
using Nanos = uint64_t;

inline constexpr Nanos kMicrosecond = 1'000;
inline constexpr Nanos kMillisecond = 1'000'000;
inline constexpr Nanos kSecond = 1'000'000'000;
inline constexpr double kSecondsPerNano = 1e-9;

// Dense slot of a task; an environment reuses a slot only after the task's kExit event.
using TaskId = uint32_t;
inline constexpr TaskId kNoTask = UINT32_MAX;

// Dense index of a CPU.
using CpuId = int32_t;
inline constexpr CpuId kNoCpu = -1;

// The kernel's load weight of a task: 1024 is nice 0.
inline constexpr uint32_t kNiceZeroWeight = 1024;

}  // namespace quanta
