// Units as the tests write them.
#pragma once

#include "env/base/types.h"

namespace quanta {

inline constexpr Nanos kUs = kMicrosecond;
inline constexpr Nanos kMs = kMillisecond;
inline constexpr double kNsPerUs = 1e3;

}  // namespace quanta
