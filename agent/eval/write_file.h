// Writes a whole result file, or says in one line why it cannot.
#pragma once

#include <string>
#include <string_view>

#include "env/base/result.h"

namespace quanta {

// What can be told before the work: that the directory is there and may be written to. No file:
// fine.
Status check_writable(const std::string& file);

Status write_file(const std::string& file, std::string_view content);

}  // namespace quanta
