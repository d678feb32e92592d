// What libbpf and the kernel's verifier say of a program, kept for the one line that a person gets.
// Cold path only; one thread.
#pragma once

#include <string>

namespace quanta {

// From now on libbpf's messages are kept, and shown at the log level debug.
void collect_kernel_log();

// The last line that tells a cause, as " (...)"; empty: none.
std::string kernel_log_hint();

}  // namespace quanta
