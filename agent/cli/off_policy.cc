#include "agent/cli/off_policy.h"

#include <fmt/format.h>

#include "agent/cli/saved_policy.h"
#include "agent/cli/terminal.h"
#include "agent/decision_log/reader.h"
#include "agent/eval/write_file.h"
#include "agent/ope/off_policy_report.h"

namespace quanta {
namespace {

Status estimate(const OffPolicyOptions& options) {
  if (Status s = check_writable(options.json); !s) return s;
  std::vector<TargetPolicy> policies{untrained_prior()};
  for (const std::string& name : options.checkpoints) {
    const Result<SavedPolicy> saved = read_saved_policy(name);
    if (!saved) return tl::unexpected(saved.error());
    policies.push_back(network_policy(saved->file, saved->weights));
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
