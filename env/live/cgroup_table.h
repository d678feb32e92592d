// Hashes of control groups' paths by id: written by a cold thread, read by the hot one without
// locks or allocation.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>

namespace quanta {

class CgroupTable {
 public:
  CgroupTable() : entries_(std::make_unique<std::array<Entry, kEntries>>()) { refresh(); }

  // Cold: takes in the groups that have come into being. One thread.
  void refresh();
  // Hot: fnv1a64 of the path, 0: root or not known yet.
  uint64_t hash(uint64_t id) const;

 private:
  static constexpr size_t kEntries = 1 << 14;  // three quarters of it are used at most
  struct Entry {
    std::atomic<uint64_t> id{0};  // 0: free; written after `hash`
    std::atomic<uint64_t> hash{0};
  };
  size_t place(uint64_t id) const;

  std::unique_ptr<std::array<Entry, kEntries>> entries_;
  size_t used_ = 0;
};

}  // namespace quanta
