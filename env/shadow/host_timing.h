// How the running kernel's own scheduler keeps time: what the model of it must know. Cold path.
#pragma once

#include <optional>
#include <string>

#include "env/base/types.h"

namespace quanta {

struct HostTiming {
  Nanos tick = 4 * kMillisecond;
  bool hrtick = false;  // slices end on time, not on the tick; the kernel's default is not
};

// Watches the kernel's clock for a tenth of a second. What cannot be seen (it needs root, and
// debugfs for `hrtick`) is as above.
HostTiming read_host_timing();

// "jiffies: 123" of a timer list; and the usual tick that is nearest to `ticks` in `time`.
std::optional<uint64_t> jiffies_in(const std::string& timer_list);
Nanos nearest_tick(uint64_t ticks, Nanos time);

}  // namespace quanta
