// Kernel ids of control groups to the hashes of their paths. Not thread-safe.
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>

namespace quanta {

uint64_t fnv1a64(std::string_view text);

class CgroupPaths {
 public:
  // Adds the groups that exist now, below the cgroup2 mount; without one, all stay unknown.
  void scan();

  // Of the path below the mount ("/user.slice/..."); 0 for the root and unknown groups.
  uint64_t hash(uint64_t id) const;
  const std::unordered_map<uint64_t, uint64_t>& all() const { return hashes_; }

 private:
  std::unordered_map<uint64_t, uint64_t> hashes_;
};

}  // namespace quanta
