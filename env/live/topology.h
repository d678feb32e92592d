// The machine's CPUs and which of them share a last-level cache. Read once, cold path only.
#pragma once

#include <vector>

#include "env/base/result.h"

namespace quanta {

struct Topology {
  int possible = 0;         // CPU ids are below it
  std::vector<int> online;  // ids, ascending
  std::vector<int> domain;  // by CPU id: dense number of its last-level cache
  int domains = 0;
};

// From `sysfs`/devices/system/cpu. A CPU whose caches are not described (offline, or a kernel that
// does not say) is in domain 0.
Result<Topology> read_topology(const std::string& sysfs = "/sys");

// "0-3,7" as {0, 1, 2, 3, 7}; empty if it is not such a list.
std::vector<int> parse_cpu_list(const std::string& text);

}  // namespace quanta
