#include "agent/metrics/build_info.h"

namespace quanta {

std::string_view version() {
  return QUANTA_VERSION;
}

std::string_view compiler() {
#ifdef __clang__
  return "clang " __clang_version__;
#else
  return "gcc " __VERSION__;
#endif
}

}  // namespace quanta
