#include "agent/cli/off_policy.h"

#include <fmt/format.h>

#include <filesystem>

#include "agent/checkpoint/store.h"
#include "agent/cli/terminal.h"
#include "agent/decision_log/reader.h"
#include "agent/eval/write_file.h"
#include "agent/ope/off_policy_report.h"
#include "agent/run/agent.h"

namespace quanta {
namespace {

Result<TargetPolicy> policy_of(const std::string& name) {
  std::string file = name;
  if (std::error_code error; std::filesystem::is_directory(name, error)) {
    const std::vector<std::string> files = list_checkpoints(name);
    if (files.empty()) return fail(fmt::format("{}: there is no checkpoint here", name));
    file = files.front();
  }
  const Result<Checkpoint> checkpoint = read_checkpoint(file);
  if (!checkpoint) return tl::unexpected(checkpoint.error());
  const Result<Weights> weights = read_weights(*checkpoint);
  if (!weights) return fail(fmt::format("{}: {}", file, weights.error().message));
  return network_policy(file, *weights);
}

Status estimate(const OffPolicyOptions& options) {
  if (Status s = check_writable(options.json); !s) return s;
  std::vector<TargetPolicy> policies{untrained_prior()};
  for (const std::string& name : options.checkpoints) {
    Result<TargetPolicy> policy = policy_of(name);
    if (!policy) return tl::unexpected(policy.error());
    policies.push_back(*std::move(policy));
  }
  LogSummary log{.file = options.log};
  std::vector<LoggedDecision> explored;
  const Status read = read_decision_log(options.log, [&](const LoggedDecision& d) {
    ++log.decisions;
    if (!d.explored()) return;
    explored.push_back(d);
    log.with_burst_head += d.burst != 0 ? 1 : 0;
  });
  if (!read) return read;
  const Result<OffPolicyEvaluation> evaluation =
      evaluate_off_policy(explored, policies, options.clip);
  if (!evaluation) return fail(fmt::format("{}: {}", options.log, evaluation.error().message));
  fmt::print("{}", describe(log, *evaluation, terminal_width()));
  return options.json.empty() ? Status() : write_file(options.json, to_json(log, *evaluation));
}

}  // namespace

int off_policy_command(const OffPolicyOptions& options) {
  const Status done = estimate(options);
  return done ? 0 : failed(done.error());
}

}  // namespace quanta
