// The section `env.shadow` of the configuration: what is watched of a machine that another
// scheduler rules, and how much the learning beside it may cost. Plain values; cold path only.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "env/base/types.h"

namespace quanta {

class Section;

struct ShadowConfig {
  int64_t max_tasks = 16384;  // beyond it tasks are not watched
  // Of each kind that is given, one must fit a task for it to be watched. The others still run in
  // the twin, since they take CPU time.
  std::vector<std::string> comm;    // globs ("game*")
  std::vector<std::string> cgroup;  // paths in the cgroup2 hierarchy
  std::vector<int64_t> uid;
  int64_t decisions = 2000;     // a second, at most about; a random share of what is more
  Nanos window = 10 * kSecond;  // of the machine's life that the twin lives through again
  double twin_cpu = 0.25;       // of one CPU, for twin and learning; 0: neither
};

void read(Section& section, ShadowConfig& config);

}  // namespace quanta
