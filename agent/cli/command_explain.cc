#include <fmt/format.h>

#include <memory>
#include <string>

#include "agent/cli/cli.h"
#include "agent/cli/commands.h"
#include "agent/explain/explain.h"
#include "agent/metrics/metrics_config.h"
#include "agent/status/client.h"

namespace quanta {
namespace {

struct ExplainOptions {
  std::string address = MetricsConfig{}.address;
  std::string task;
};

int explain_command(const ExplainOptions& options) {
  const Result<DecisionAndPolicy> said = ask_about(options.address, options.task);
  if (!said) {
    fmt::print(stderr, "{}\n", said.error().message);
    return kExitFailed;
  }
  fmt::print("{}",
             explain(said->task, said->policy, said->decisions.machine, said->decisions.learning));
  return 0;
}

}  // namespace

void add_explain(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<ExplainOptions>();
  CLI::App* command = app.add_subcommand(
      "explain",
      "Say in plain words why a task got its place, its slice, and whom it pushed aside");
  command->add_option("--address", options->address, "Where the scheduler serves metrics")
      ->capture_default_str();
  command->add_option("TASK", options->task, "A pid or a name")->required();
  command->callback([options, &exit_code] { exit_code = explain_command(*options); });
}

}  // namespace quanta
