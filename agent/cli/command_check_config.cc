#include <fmt/format.h>
#include <memory>
#include <string>
#include <vector>

#include "agent/cli/cli.h"
#include "agent/cli/commands.h"
#include "agent/config/config.h"

namespace quanta {
namespace {

struct CheckConfigOptions {
  std::vector<std::string> files;
};

int check_config_command(const CheckConfigOptions& options) {
  int exit_code = 0;
  for (const std::string& file : options.files) {
    if (const Result<Config> config = load_config(file)) {
      fmt::print("{}: ok\n", file);
    } else {
      fmt::print(stderr, "{}\n", config.error().message);
      exit_code = kExitFailed;
    }
  }
  return exit_code;
}

}  // namespace

void add_check_config(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<CheckConfigOptions>();
  CLI::App* command = app.add_subcommand("check-config", "Check configuration files");
  command->add_option("FILE", options->files, "Configuration files (YAML)")->required();
  command->callback([options, &exit_code] { exit_code = check_config_command(*options); });
}

}  // namespace quanta
