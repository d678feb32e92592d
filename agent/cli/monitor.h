// `--monitor SEC`: what an agent that runs elsewhere on this machine does, a line per interval.
#pragma once

#include <atomic>
#include <string>

#include "env/base/result.h"
#include "env/base/types.h"

namespace quanta {

// Until `interrupted`. `config`: a file, or empty for the built-in one; says where metrics are.
Status monitor(const std::string& config, Nanos interval, const std::atomic<bool>& interrupted);

}  // namespace quanta
