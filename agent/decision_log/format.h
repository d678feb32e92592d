// The decision log's format: comma-separated values with a line of column names, behind comment
// lines that begin with '#'. Reads with pandas.read_csv(FILE, comment='#').
//
// Units stand in the comments; numbers are written so that they read back as the same ones. Pure
// functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agent/decision_log/decision_log_config.h"
#include "agent/decision_log/logged_decision.h"

namespace quanta {

// The first line; a higher number is another meaning of the columns.
inline constexpr std::string_view kDecisionLogFirstLine = "# quanta decision log 1";

// In the order in which they are written. All are needed to read one; other columns may be there.
const std::vector<std::string>& decision_log_columns();

// All before the first decision.
std::string decision_log_header(const DecisionLogConfig& config, const RewardConfig& reward);

// Appends one line.
void append_line(std::string& out, const LoggedDecision& decision);

}  // namespace quanta
