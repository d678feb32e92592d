// A trace in a few lines for people. Thread-safe.
#pragma once

#include <string>

#include "env/trace/trace.h"

namespace quanta {

// Totals, then the names with the most CPU time: tasks, CPU time, runs, sleeps, waits, posts.
std::string summarise(const Trace& trace, size_t most_names = 20);

}  // namespace quanta
