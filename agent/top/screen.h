// The terminal view of `top`.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>

#include "agent/top/keys.h"

namespace quanta {

// Shows what `ask` gives, anew each `interval`, until somebody quits or `interrupted`. An answer
// that fails ends it: the terminal is put back first. One thread.
Status show_top(TopState state, std::chrono::nanoseconds interval,
                const std::function<Result<TasksReport>()>& ask,
                const std::atomic<bool>& interrupted);

}  // namespace quanta
