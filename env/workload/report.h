// The results of a run as one JSON object, in base units, named as metrics are.
#pragma once

#include <string>
#include <vector>

#include "env/workload/runner.h"

namespace quanta::workload {

std::string to_json(const std::vector<GroupSpec>& groups, const RunOptions& options,
                    const Outcome& outcome);

}  // namespace quanta::workload
