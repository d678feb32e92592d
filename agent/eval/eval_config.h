// What an evaluation takes from a configuration file.
#pragma once

#include <string>

#include "agent/eval/experiment.h"

namespace quanta {

Result<AgentConfig> read_agent_config(const std::string& file);

}  // namespace quanta
