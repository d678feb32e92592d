// One job of a build, as `sh -c 'cc1 | as'`: the shell forks the assembler and becomes the
// compiler, which computes and writes its output to a pipe in pieces; the assembler works on each.
#pragma once

#include "env/base/types.h"

namespace quanta::workload {

// Hidden subcommand, what the shell executes: workload cc1 NANOS, its output the pipe.
inline constexpr const char* kCompilerCommand = "cc1";

// The shell, in the calling process; returns an exit code only if it could not become the compiler.
int run_shell(Nanos cpu);

// The compiler, after the exec; exit code.
int run_compiler(Nanos cpu);

}  // namespace quanta::workload
