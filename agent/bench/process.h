// A child process in a process group of its own, so that Ctrl-C reaches it only through us; it does
// not outlive this program. One thread.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <string>
#include <utility>
#include <vector>

#include "env/base/result.h"
#include "env/base/types.h"

namespace quanta {

struct Command {
  std::vector<std::string> words;  // the first one is looked up on PATH
  std::string folder;              // where it runs, and where its outputs go:
  std::string name;                // NAME.out and NAME.err
};

class Process {
 public:
  static Result<Process> start(const Command& command);
  // Kills what is left of the group.
  ~Process();
  Process(Process&& from) noexcept
      : pid_(std::exchange(from.pid_, -1)),
        pidfd_(std::exchange(from.pidfd_, -1)),
        ended_(from.ended_),
        exit_code_(from.exit_code_),
        output_(std::move(from.output_)) {}
  Process& operator=(Process&&) = delete;

  // True if it has ended; waits for that until `timeout` has passed or `interrupted` is set.
  bool wait(Nanos timeout, const std::atomic<bool>& interrupted);
  // Asks it to end by that signal and kills it if it does not within `patience`.
  void end(int signal, Nanos patience);

  int exit_code() const { return exit_code_; }  // once ended: its own, or 128 + signal
  std::string out() const;
  std::string last_line() const;  // that it said on standard error, else on its output

 private:
  Process(pid_t pid, int pidfd, std::string output)
      : pid_(pid), pidfd_(pidfd), output_(std::move(output)) {}

  pid_t pid_;
  int pidfd_;
  bool ended_ = false;
  int exit_code_ = -1;
  std::string output_;  // its files without their extensions
};

// A folder in the system's temporary one, removed with all that is in it.
class ScratchFolder {
 public:
  static Result<ScratchFolder> make();
  ~ScratchFolder();
  ScratchFolder(ScratchFolder&& from) noexcept : path_(std::exchange(from.path_, {})) {}
  ScratchFolder& operator=(ScratchFolder&&) = delete;

  const std::string& path() const { return path_; }

 private:
  explicit ScratchFolder(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

}  // namespace quanta
