// What every trace must fulfil before it is written or replayed. Thread-safe.
#pragma once

#include "env/base/result.h"
#include "env/trace/trace.h"

namespace quanta {

// Indices in range; run and sleep times within the duration; names of 1 to 15 bytes, one per kExec
// and one more; kExit only at the end; every forked task forked exactly once, others never.
Status validate(const Trace& trace);

}  // namespace quanta
