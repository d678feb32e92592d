#include "agent/status/client.h"

#include <fmt/format.h>

#include <algorithm>

#include "agent/config/section.h"
#include "agent/metrics/http_get.h"
#include "agent/status/printable.h"

namespace quanta {
namespace {

template <class Report>
Result<Report> ask(const std::string& address, const char* path,
                   Result<Report> (*parse)(std::string_view)) {
  const Result<std::string> body = http_get(address, path);
  if (!body) return tl::unexpected(body.error());
  Result<Report> report = parse(*body);
  if (!report) return fail(fmt::format("{}: {}", address, report.error().message));
  return report;
}

}  // namespace

Result<TasksReport> ask_tasks(const std::string& address) {
  return ask(address, "/tasks", parse_tasks);
}

Result<DecisionsReport> ask_decisions(const std::string& address) {
  return ask(address, "/decisions", parse_decisions);
}

Result<PolicyReport> ask_policy(const std::string& address) {
  return ask(address, "/policy", parse_policy);
}

Result<DecidedTask> find_task(const DecisionsReport& report, const std::string& wanted) {
  const auto found =
      std::find_if(report.tasks.begin(), report.tasks.end(), [&](const DecidedTask& t) {
        return t.task.comm == wanted || std::to_string(t.task.pid) == wanted;
      });
  if (found != report.tasks.end()) return *found;
  std::vector<std::string> names;
  names.reserve(report.tasks.size());
  for (const DecidedTask& t : report.tasks) names.push_back(t.task.comm);
  const std::string near = nearest(wanted, names);
  return fail(fmt::format("no decision about '{}' has been recorded lately{}", printable(wanted),
                          near.empty() ? "; scx_quanta top lists those that have"
                                       : fmt::format("; did you mean '{}'?", printable(near))));
}

Result<DecisionAndPolicy> ask_about(const std::string& address, const std::string& task) {
  Result<DecisionsReport> decisions = ask_decisions(address);
  if (!decisions) return tl::unexpected(decisions.error());
  Result<DecidedTask> found = find_task(*decisions, task);
  if (!found) return tl::unexpected(found.error());
  Result<PolicyReport> policy = ask_policy(address);
  if (!policy) return tl::unexpected(policy.error());
  return DecisionAndPolicy{*std::move(decisions), *std::move(found), *std::move(policy)};
}

}  // namespace quanta
