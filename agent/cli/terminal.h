// What the commands share: how one is interrupted, how it fails, how wide its terminal is.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>

#include "env/base/result.h"
#include "env/base/types.h"

namespace quanta {

enum class NextSignal { kEnds, kIsIgnored };

// From now on the first SIGINT, SIGTERM or SIGHUP sets the flag that is returned; the next of its
// kind ends the process, unless it is ignored. The flag is the process's own and lock-free.
const std::atomic<bool>& stop_on_signals(NextSignal next = NextSignal::kEnds);

// A time as options give it, in seconds, which must not be negative.
Nanos nanos_of(double seconds);

// Sleeps until then, or until interrupted.
void pause_until(std::chrono::steady_clock::time_point then, const std::atomic<bool>& interrupted);

// Prints the line of an error; returns kExitFailed.
int failed(const Error& error);

// Columns of the standard output; 160 where it is no terminal.
size_t terminal_width();

}  // namespace quanta
