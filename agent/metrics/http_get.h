// Asks an agent that runs elsewhere on this machine for one of its pages. Cold path only.
#pragma once

#include <string>

#include "env/base/result.h"

namespace quanta {

// GET `path` at `address`, as MetricsConfig has it. Whatever answers there, it ends within seconds
// and takes bounded memory. The error is one line that names the address.
Result<std::string> http_get(const std::string& address, const std::string& path);

}  // namespace quanta
