// A load from a workload file (YAML, configs/workloads/README.md) or a recorded trace (*.trace).
// Thread-safe; cold path. Memory is bounded whatever the file says; what is wrong with it comes
// back as one line per problem.
#pragma once

#include <string>

#include "env/base/result.h"
#include "env/sim/program.h"

namespace quanta {

Result<Load> read_load(const std::string& file);

// The same for a workload's text; `name` stands for the file in messages and names the load.
Result<Load> parse_load(const std::string& text, const std::string& name);

}  // namespace quanta
