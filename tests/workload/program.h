// The program `workload` as a child in a session of its own, by which its processes are found.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace quanta::workload {

class Program {
 public:
  explicit Program(const std::vector<std::string>& arguments);
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  pid_t pid() const { return pid_; }

  // Living processes of its session, itself included; if `comm` is given, only those of that name.
  std::vector<pid_t> processes(const std::string& comm = {}) const;

  // Waits up to 10 s for `n` processes of that name.
  bool has(size_t n, const std::string& comm) const;

  // Waits for its end: exit code, or -1 if it was killed.
  int wait();

  const std::string& out() const { return out_; }
  const std::string& err() const { return err_; }

 private:
  pid_t pid_ = -1;
  int out_pipe_ = -1;
  int err_pipe_ = -1;
  std::string out_;
  std::string err_;
};

}  // namespace quanta::workload
