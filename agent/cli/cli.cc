#include "agent/cli/cli.h"

#include <fmt/format.h>
#include <string>

#include "agent/cli/commands.h"
#include "agent/cli/log.h"
#include "agent/cli/usage.h"
#include "agent/metrics/build_info.h"

namespace quanta {
namespace {

constexpr const char* kProgram = "scx_quanta";

struct GlobalOptions {
  int verbosity = 0;
  std::string log_level;
};

void add_global_options(CLI::App& app, GlobalOptions& options) {
  app.set_version_flag("-V,--version", fmt::format("{} {}", kProgram, version()));
  app.add_flag("-v,--verbose", options.verbosity, "Log more; twice: still more");
  app.add_option("--log-level", options.log_level, "Log messages of this level and above")
      ->check(CLI::IsMember(log_levels()));
  // Before any command's callback.
  app.parse_complete_callback([&] { start_logging(options.log_level, options.verbosity); });
}

}  // namespace

int run_cli(int argc, char** argv) {
  CLI::App app("A Linux CPU scheduler that learns while it runs.", kProgram);
  app.fallthrough();             // global options may also follow the command
  app.require_subcommand(0, 1);  // without one: run
  GlobalOptions options;
  add_global_options(app, options);

  int exit_code = 0;
  add_bench(app, exit_code);
  add_check_config(app, exit_code);
  add_eval(app, exit_code);
  add_explain(app, exit_code);
  add_inspect(app, exit_code);
  add_record(app, exit_code);
  add_run(app, exit_code);
  add_top(app, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // help, version
    fmt::print(stderr, "{}: {}\n", kProgram, usage_problem(app, error));
    return kExitUsage;
  }
  return exit_code;
}

}  // namespace quanta
