// The whole configuration of the agent: every component's own section, composed in one place.
//
// A component adds its struct here, and one line in config.cc. Plain values; cold path only.
#pragma once

#include <string>

#include "agent/metrics/metrics_config.h"
#include "env/base/result.h"

namespace quanta {

struct Config {
  MetricsConfig metrics;
};

// The error holds one line per problem, in the file's order, each with file, line and key.
Result<Config> load_config(const std::string& file);

}  // namespace quanta
