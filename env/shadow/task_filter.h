// Which tasks are watched. Thread-safe: only read after construction.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "env/shadow/shadow_config.h"

namespace quanta {

class TaskFilter {
 public:
  // Never fits a task with the name `own`, if there is one.
  explicit TaskFilter(const ShadowConfig& config, std::string own = {});

  // `cgroup`: hash of the path (fnv1a64), 0: root or unknown.
  bool fits(const char* comm, uint32_t uid, uint64_t cgroup) const;

 private:
  std::string own_;
  std::vector<std::string> comm_;
  std::vector<uint64_t> cgroup_;
  std::vector<int64_t> uid_;
};

// The name of this process, under which its own tasks are found in a recording.
std::string own_comm();

}  // namespace quanta
