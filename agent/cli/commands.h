// The subcommands, each in its own file: command_NAME.cc holds its options struct, the function
// `int NAME_command(const NameOptions&)` that does the work and returns the exit code, and
// add_NAME() that ties both to the command line. To add one: that file, a line here, and a line in
// run_cli().
//
// A command whose options shall also work without its name adds them to `app` as well, calls
// app.require_subcommand(0, 1), and runs from app.callback() if app.get_subcommands() is empty.
#pragma once

#include <CLI/CLI.hpp>

namespace quanta {

void add_bench(CLI::App& app, int& exit_code);
void add_check_config(CLI::App& app, int& exit_code);
void add_eval(CLI::App& app, int& exit_code);
void add_explain(CLI::App& app, int& exit_code);
void add_inspect(CLI::App& app, int& exit_code);
void add_record(CLI::App& app, int& exit_code);
void add_run(CLI::App& app, int& exit_code);
void add_top(CLI::App& app, int& exit_code);

}  // namespace quanta
