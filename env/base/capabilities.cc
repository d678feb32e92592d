#include "env/base/capabilities.h"

#include <cstdint>
#include <fstream>
#include <string>

namespace quanta {
namespace {

uint64_t effective_capabilities() {
  std::ifstream status("/proc/self/status");
  for (std::string key; status >> key;) {
    uint64_t mask = 0;
    if (key == "CapEff:" && status >> std::hex >> mask) return mask;
  }
  return 0;
}

}  // namespace

bool may_load_bpf() {
  constexpr uint64_t kSysAdmin = uint64_t{1} << 21;
  constexpr uint64_t kPerfmon = uint64_t{1} << 38;
  constexpr uint64_t kBpf = uint64_t{1} << 39;
  const uint64_t have = effective_capabilities();
  return (have & kSysAdmin) != 0 || ((have & kBpf) != 0 && (have & kPerfmon) != 0);
}

}  // namespace quanta
