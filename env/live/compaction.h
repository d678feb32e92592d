// Memory compaction may move locked pages, and who touches one meanwhile faults: the hot thread
// must not. While this lives, vm.compact_unevictable_allowed is 0.
//
// The value from before is restored at the end, and if this process is killed, by the next one: it
// is remembered in a file under $RUNTIME_DIRECTORY, else /run/scx_quanta. Cold path only.
#pragma once

#include <string>

#include "env/base/result.h"

namespace quanta {

class CompactionHold {
 public:
  CompactionHold() = default;
  ~CompactionHold();
  CompactionHold(const CompactionHold&) = delete;
  CompactionHold& operator=(const CompactionHold&) = delete;

  // An error: the setting stays as it is. Does nothing where the kernel has no such setting, it is
  // off already, or another process that lives holds it.
  Status take(const std::string& setting = "/proc/sys/vm/compact_unevictable_allowed",
              const std::string& directory = runtime_directory());

  static std::string runtime_directory();

 private:
  Status take_locked();

  std::string setting_;
  std::string memory_;  // file with the value from before; locked while its writer lives
  std::string before_;  // empty: nothing to restore
  int lock_ = -1;
};

}  // namespace quanta
