// One job of a build, as `sh -c 'cc1 | as'`: the compiler computes and writes its output to a pipe
// in pieces, the assembler reads and works on each.
#pragma once

#include "env/base/types.h"

namespace quanta::workload {

inline constexpr const char* kToolCommand = "tool";  // hidden subcommand: workload tool NAME NANOS

// The shell, in the calling process, until its tools have ended; exit code.
int run_shell(Nanos cpu);

// A tool, after the exec; exit code.
int run_tool(const char* name, Nanos cpu);

}  // namespace quanta::workload
