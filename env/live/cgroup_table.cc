#include "env/live/cgroup_table.h"

#include "env/trace/cgroups.h"

namespace quanta {

// Open addressing: the group's own place, or the free one where it belongs.
size_t CgroupTable::place(uint64_t id) const {
  size_t i = (id * 0x9e3779b97f4a7c15ULL >> 32) % kEntries;
  // Acquire: pairs with the release in refresh(), so that the hash is complete.
  for (uint64_t at = 0;
       (at = (*entries_)[i].id.load(std::memory_order_acquire)) != 0 && at != id;) {
    i = (i + 1) % kEntries;
  }
  return i;
}

void CgroupTable::refresh() {
  CgroupPaths paths;
  paths.scan();
  for (const auto& [id, hash] : paths.all()) {
    Entry& entry = (*entries_)[place(id)];
    if (entry.id.load(std::memory_order_relaxed) == id)
      continue;  // paths do not change in practice
    if (used_ >= kEntries * 3 / 4) return;
    ++used_;
    entry.hash.store(hash, std::memory_order_relaxed);
    entry.id.store(id, std::memory_order_release);
  }
}

uint64_t CgroupTable::hash(uint64_t id) const {
  if (id == 0) return 0;
  const Entry& entry = (*entries_)[place(id)];
  return entry.id.load(std::memory_order_relaxed) == id ? entry.hash.load(std::memory_order_relaxed)
                                                        : 0;
}

}  // namespace quanta
