// The kernel's own scheduler tuned for latency: slices of 1 ms, and tasks in the kernel may be
// preempted too. As found again when this goes out of scope.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "env/base/result.h"

namespace quanta {

class EevdfTuning {
 public:
  // The error names the file of `folder` that is missing or cannot be written; then nothing has
  // changed.
  static Result<EevdfTuning> apply(const std::string& folder = "/sys/kernel/debug/sched");
  ~EevdfTuning();
  EevdfTuning(EevdfTuning&& from) noexcept : former_(std::exchange(from.former_, {})) {}
  EevdfTuning& operator=(EevdfTuning&&) = delete;

 private:
  EevdfTuning() = default;
  Status set(const std::string& file, const std::string& value);

  std::vector<std::pair<std::string, std::string>> former_;  // file, value
};

}  // namespace quanta
