#include <fmt/format.h>

#include <memory>
#include <string>

#include "agent/cli/cli.h"
#include "agent/cli/commands.h"
#include "agent/cli/saved_policy.h"
#include "agent/cli/terminal.h"
#include "agent/config/config.h"
#include "agent/explain/inspect.h"
#include "agent/metrics/metrics_config.h"
#include "agent/status/client.h"

namespace quanta {
namespace {

struct InspectOptions {
  std::string address = MetricsConfig{}.address;
  std::string checkpoint;
  std::string task;
  bool json = false;
};

Result<PolicyReport> saved_policy(const std::string& path) {
  const Result<SavedPolicy> saved = read_saved_policy(path);
  if (!saved) return tl::unexpected(saved.error());
  const Weights& weights = saved->weights;
  return PolicyReport{.weights = weights, .index = {}, .packed = packed_report(weights, false)};
}

Result<std::string> inspect(const InspectOptions& options) {
  if (!options.task.empty()) {
    const Result<DecisionAndPolicy> said = ask_about(options.address, options.task);
    if (!said) return tl::unexpected(said.error());
    return options.json ? decision_json(said->task, said->policy)
                        : describe_decision(said->task, said->policy);
  }
  const Result<PolicyReport> policy =
      options.checkpoint.empty() ? ask_policy(options.address) : saved_policy(options.checkpoint);
  if (!policy) return tl::unexpected(policy.error());
  return options.json ? to_json(*policy) : describe_policy(*policy);
}

int inspect_command(const InspectOptions& options) {
  const Result<std::string> text = inspect(options);
  if (!text) return failed(text.error());
  fmt::print("{}", *text);
  return 0;
}

}  // namespace

void add_inspect(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<InspectOptions>();
  CLI::App* command = app.add_subcommand(
      "inspect",
      "Show the network of a running scheduler or a checkpoint, or what it made of a task");
  auto* address = command->add_option("--address", options->address, "Where it serves metrics")
                      ->capture_default_str();
  auto* task = command->add_option("TASK", options->task, "A pid or a name: its last decision");
  command->add_option("--checkpoint", options->checkpoint, "Of the newest checkpoint in here")
      ->type_name("DIR")
      ->excludes(address)
      ->excludes(task);
  command->add_flag("--json", options->json, "For programs, with all weights");
  command->callback([options, &exit_code] { exit_code = inspect_command(*options); });
}

}  // namespace quanta
