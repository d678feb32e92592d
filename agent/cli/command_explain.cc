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

Result<std::string> explanation(const ExplainOptions& options) {
  const Result<DecisionsReport> decisions = ask_decisions(options.address);
  if (!decisions) return tl::unexpected(decisions.error());
  const Result<DecidedTask> task = find_task(*decisions, options.task);
  if (!task) return tl::unexpected(task.error());
  const Result<PolicyReport> policy = ask_policy(options.address);
  if (!policy) return tl::unexpected(policy.error());
  return explain(*task, *policy, decisions->machine, decisions->learning);
}

int explain_command(const ExplainOptions& options) {
  const Result<std::string> text = explanation(options);
  if (!text) {
    fmt::print(stderr, "{}\n", text.error().message);
    return kExitFailed;
  }
  fmt::print("{}", *text);
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
