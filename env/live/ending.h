// Why the kernel ended the scheduler, in words and as an exit code. Pure functions of what the
// kernel half keeps of it.
#pragma once

#include "bpf/intf.h"
#include "env/env.h"

namespace quanta {

// Exit codes of a live run that the kernel ended; 0 and 1 mean what they mean elsewhere.
inline constexpr int kExitStalled = 3;  // a task waited for longer than the watchdog allows
inline constexpr int kExitKernelError = 4;
inline constexpr int kExitSysRq = 5;  // SysRq-S: do not start it again

Ending describe_ending(const quanta_shared& shared);

}  // namespace quanta
