// In plain words and numbers: why a task got its place in the queue, whether it pushed another one
// aside, its slice, and who decided that. Pure.
#pragma once

#include <string>

#include "agent/status/report.h"

namespace quanta {

std::string explain(const DecidedTask& task, const PolicyReport& policy,
                    const MachineReport& machine, const LearningReport& learning);

// What the gate says, in one line: which arm acts, and its uplift with its interval.
std::string gate_line(const LearningReport& learning);

}  // namespace quanta
