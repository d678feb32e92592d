// What is in a policy, and what one decision was made of, as text. Pure.
#pragma once

#include <string>

#include "agent/status/report.h"

namespace quanta {

// Shape, version, each layer in a line, the normaliser.
std::string describe_policy(const PolicyReport& policy);

// The last decision: features as they are and normalised, heads, contributions, prior and final.
std::string describe_decision(const DecidedTask& task, const PolicyReport& policy);

// The same for programs.
std::string decision_json(const DecidedTask& task, const PolicyReport& policy);

// "240 us", "1.20 ms".
std::string duration_text(double nanos);

}  // namespace quanta
