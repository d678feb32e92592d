// What to say of a command line that cannot be parsed: one line, with the nearest valid name.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace quanta {

std::string usage_problem(const CLI::App& app, const CLI::ParseError& error);

}  // namespace quanta
