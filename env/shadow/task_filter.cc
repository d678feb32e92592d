#include "env/shadow/task_filter.h"

#include <fnmatch.h>

#include <algorithm>
#include <fstream>
#include <utility>

#include "env/base/hash.h"

namespace quanta {

TaskFilter::TaskFilter(const ShadowConfig& config, std::string own)
    : own_(std::move(own)), comm_(config.comm), uid_(config.uid) {
  for (const std::string& path : config.cgroup) cgroup_.push_back(path == "/" ? 0 : fnv1a64(path));
}

bool TaskFilter::fits(const char* comm, uint32_t uid, uint64_t cgroup) const {
  if (!own_.empty() && own_ == comm) return false;
  const auto named = [&](const std::string& glob) { return ::fnmatch(glob.c_str(), comm, 0) == 0; };
  if (!comm_.empty() && std::none_of(comm_.begin(), comm_.end(), named)) return false;
  if (!cgroup_.empty() && std::find(cgroup_.begin(), cgroup_.end(), cgroup) == cgroup_.end()) {
    return false;
  }
  return uid_.empty() || std::find(uid_.begin(), uid_.end(), uid) != uid_.end();
}

std::string own_comm() {
  std::string name;
  std::getline(std::ifstream("/proc/self/comm"), name);
  return name;
}

}  // namespace quanta
