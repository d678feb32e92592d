// The program `workload`, and the processes of its session.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "tests/process.h"

namespace quanta::workload {

class Program : public Child {
 public:
  explicit Program(const std::vector<std::string>& arguments);

  // Living processes of its session, itself included; if `comm` is given, only those of that name.
  std::vector<pid_t> processes(const std::string& comm = {}) const;

  // Waits up to 10 s for `n` processes of that name.
  bool has(size_t n, const std::string& comm) const;
};

}  // namespace quanta::workload
