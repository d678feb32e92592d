#include "agent/cli/log.h"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <algorithm>

namespace quanta {

const std::vector<std::string>& log_levels() {
  static const std::vector<std::string> levels = {"error", "warning", "info", "debug", "trace"};
  return levels;
}

void start_logging(const std::string& level, int verbosity) {
  const int talkative = std::max<int>(spdlog::level::trace, spdlog::level::info - verbosity);
  spdlog::set_default_logger(spdlog::stderr_color_mt("quanta"));
  spdlog::set_pattern("%T.%e %^%l%$ %v");
  spdlog::set_level(level.empty() ? static_cast<spdlog::level::level_enum>(talkative)
                                  : spdlog::level::from_str(level));
}

}  // namespace quanta
