// Takes names, users and control groups out of a trace. Thread-safe.
#pragma once

#include "env/trace/trace.h"

namespace quanta {

// Each distinct name, uid and cgroup becomes a number in order of first appearance: what was equal
// in the file stays equal, and nothing of the original is left to be guessed back, as a hash would
// be.
void anonymise(Trace& trace);

}  // namespace quanta
