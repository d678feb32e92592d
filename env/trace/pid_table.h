// A number for each pid, found in two loads; takes memory only where there are pids. Not
// thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

namespace quanta {

class PidTable {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;

  uint32_t find(uint32_t pid) const {
    const size_t page = pid / kPage;
    return page < pages_.size() && pages_[page] ? (*pages_[page])[pid % kPage] : kNone;
  }
  void set(uint32_t pid, uint32_t value) {
    const size_t page = pid / kPage;
    if (page >= pages_.size()) pages_.resize(page + 1);
    if (!pages_[page]) {
      pages_[page] = std::make_unique<Page>();
      pages_[page]->fill(kNone);
    }
    (*pages_[page])[pid % kPage] = value;
  }
  void erase(uint32_t pid) {
    if (find(pid) != kNone) set(pid, kNone);
  }

 private:
  static constexpr size_t kPage = 1024;
  using Page = std::array<uint32_t, kPage>;

  std::vector<std::unique_ptr<Page>> pages_;
};

}  // namespace quanta
