// The command line of scx_quanta: global options, then one subcommand (commands.h).
//
// Results go to standard output, all else to standard error. Exit codes: 0 done, 1 the command
// failed and said why, 2 the command line was wrong.
#pragma once

namespace quanta {

inline constexpr int kExitFailed = 1;
inline constexpr int kExitUsage = 2;

int run_cli(int argc, char** argv);

}  // namespace quanta
