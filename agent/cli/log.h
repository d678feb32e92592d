// The program's log: one line per message, to standard error, through spdlog's default logger.
#pragma once

#include <string>
#include <vector>

namespace quanta {

// "error" to "trace", the least talkative first.
const std::vector<std::string>& log_levels();

// Call once, before other threads start. `level` is one of log_levels(); empty: info, and one step
// more talkative for each of `verbosity`.
void start_logging(const std::string& level, int verbosity);

}  // namespace quanta
