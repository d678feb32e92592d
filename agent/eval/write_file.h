// Writes a whole result file, or says in one line why it cannot.
#pragma once

#include <string>
#include <string_view>

#include "env/base/result.h"

namespace quanta {

Status write_file(const std::string& file, std::string_view content);

}  // namespace quanta
