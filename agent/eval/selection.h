// What an evaluation is asked for on the command line, checked: seeds, policies, workloads,
// configs. Every error is one line that names the nearest valid name.
#pragma once

#include <string>
#include <vector>

#include "agent/eval/evaluation.h"

namespace quanta {

// "5": seeds 1 to 5; "7,9,": exactly these.
Result<std::vector<uint64_t>> parse_seeds(const std::string& text);

// All policies if none is named.
Result<std::vector<std::string>> select_policies(const std::vector<std::string>& names);

// Each is a file, or the name of a workload that is shipped in "workloads" beside `config_file`;
// all of those, by name, if none is given. No two may have the same name.
Result<std::vector<Load>> select_loads(const std::vector<std::string>& names,
                                       const std::string& config_file);

// Reads the configs, each named after its file; no two may have the same name.
Result<std::vector<NamedConfig>> read_configs(const std::vector<std::string>& files);

}  // namespace quanta
