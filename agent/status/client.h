// Asks a running agent for its reports. The error is one line that names the address.
#pragma once

#include <string>

#include "agent/status/report.h"

namespace quanta {

Result<TasksReport> ask_tasks(const std::string& address);
Result<DecisionsReport> ask_decisions(const std::string& address);
Result<PolicyReport> ask_policy(const std::string& address);

// The task that `wanted` names: a pid, or a name; of several of one name the one seen last. The
// error says which names there are that come near.
Result<DecidedTask> find_task(const DecisionsReport& report, const std::string& wanted);

struct DecisionAndPolicy {
  DecisionsReport decisions;  // with the machine and what it learns
  DecidedTask task;
  PolicyReport policy;
};
Result<DecisionAndPolicy> ask_about(const std::string& address, const std::string& task);

}  // namespace quanta
