#include "env/trace/cgroups.h"

#include <mntent.h>
#include <sys/stat.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

namespace quanta {
namespace {

std::string cgroup2_mount() {
  const std::unique_ptr<FILE, int (*)(FILE*)> mounts(setmntent("/proc/self/mounts", "re"),
                                                     endmntent);
  if (!mounts) return {};
  while (const mntent* entry = getmntent(mounts.get()))
    if (std::string_view(entry->mnt_type) == "cgroup2") return entry->mnt_dir;
  return {};
}

}  // namespace

uint64_t fnv1a64(std::string_view text) {
  uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char c : text) hash = (hash ^ static_cast<uint8_t>(c)) * 0x100000001b3ULL;
  return hash;
}

// A group's id is its directory's inode number.
void CgroupPaths::scan() {
  namespace fs = std::filesystem;
  const std::string mount = cgroup2_mount();
  if (mount.empty()) return;
  std::error_code error;
  fs::recursive_directory_iterator entry(mount, fs::directory_options::skip_permission_denied,
                                         error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    struct stat info = {};
    const std::string path = entry->path();
    if (::lstat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode))
      hashes_[info.st_ino] = fnv1a64(std::string_view(path).substr(mount.size()));
  }
}

uint64_t CgroupPaths::hash(uint64_t id) const {
  const auto found = hashes_.find(id);
  return found == hashes_.end() ? 0 : found->second;
}

}  // namespace quanta
