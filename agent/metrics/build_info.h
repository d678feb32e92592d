// What this program is: the labels of quanta_build_info. Plain values.
#pragma once

#include <string>
#include <string_view>

namespace quanta {

std::string_view version();   // "0.1.0"
std::string_view compiler();  // "gcc 12.2.0"

struct BuildInfo {
  std::string version{quanta::version()};
  std::string compiler{quanta::compiler()};
  std::string env;  // Env::name()
};

}  // namespace quanta
