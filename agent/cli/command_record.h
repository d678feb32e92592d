// `scx_quanta record`: writes the tasks of the running system to a trace, or shows one.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace quanta {

// Adds the command; `run` is set when it was given: call it for the exit code.
void add_record_command(CLI::App& app, std::function<int()>& run);

}  // namespace quanta
