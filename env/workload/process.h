// Processes that cannot outlive the one that started them.
#pragma once

#include <sys/types.h>

#include <functional>

namespace quanta::workload {

// Exit codes of a group's process: 0 done, kExitBroken it could not be set up, 128 + signal one of
// its own was killed.
inline constexpr int kExitBroken = 70;

// Runs `body` in a child that is killed when the calling thread ends; its exit code is the body's.
// Prints one line and returns -1 if there is no room for another process.
pid_t spawn(const std::function<int()>& body);

// Waits for any child to end and says how, as an exit code above; for a process whose children
// never end by themselves.
int wait_for_any();

// 128 + signal, or the exit code.
int exit_code_of(int status);

}  // namespace quanta::workload
