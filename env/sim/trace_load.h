// A recorded trace as a load: each task runs its recorded program again, under any scheduler.
//
// Tasks fall into two groups. "interactive": sleeps at least four times and its median burst (CPU
// time between two sleeps) is at most 2 ms. "batch": all others. A unit of work is an activation
// that came to its end. The recording starts anew after a quarter more than its duration, so that a
// scheduler that is slower than the recorded one still gets through. Pure function; cold path.
#pragma once

#include <string>

#include "env/base/result.h"
#include "env/sim/program.h"
#include "env/trace/trace.h"

namespace quanta {

// Refuses a trace that is not valid or too large to replay (65536 tasks, 8 million operations).
Result<Load> trace_load(const Trace& trace, const std::string& name);

}  // namespace quanta
