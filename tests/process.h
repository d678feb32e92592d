// Programs beside a test or called by it. None of them outlives the test.
#pragma once

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace quanta {

inline const std::string kProgram = QUANTA_BINARY_DIR "/bin/scx_quanta";

inline int exit_code_of(int status) {  // -1: killed by a signal
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

struct Outcome {
  int exit_code;
  std::string said;
};

// Runs a command of the shell to its end; what it said is both outputs unless one is redirected.
inline Outcome shell(const std::string& command) {
  FILE* pipe = ::popen(("{ " + command + "; } 2>&1").c_str(), "r");
  if (pipe == nullptr) return {-1, "the shell cannot be started"};
  std::string said;
  std::array<char, 4096> part{};
  for (size_t n = 0; (n = ::fread(part.data(), 1, part.size(), pipe)) > 0;) {
    said.append(part.data(), n);
  }
  return {exit_code_of(::pclose(pipe)), said};
}

// `scx_quanta`; the arguments are the shell's.
inline Outcome call(const std::string& arguments) {
  return shell(kProgram + " " + arguments);
}

// Runs until its end, but no longer than this object.
class Child {
 public:
  // A program, looked up on PATH.
  explicit Child(std::vector<std::string> words) {
    start([&] {
      std::vector<char*> argv;
      argv.reserve(words.size() + 1);
      for (std::string& word : words) argv.push_back(word.data());
      argv.push_back(nullptr);
      ::execvp(argv[0], argv.data());
      ::_exit(127);
    });
  }
  // Part of this one, in a process of its own.
  explicit Child(const std::function<void()>& act) { start(act); }
  ~Child() {
    end(SIGKILL);
    ::close(out_);
    ::close(err_);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  pid_t pid() const { return pid_; }
  bool runs() {
    if (!ended_ && ::waitpid(pid_, &status_, WNOHANG) != 0) ended_ = true;
    return !ended_;
  }
  // Its exit code; -1: killed by a signal.
  int wait() {
    if (!std::exchange(ended_, true)) ::waitpid(pid_, &status_, 0);
    return exit_code_of(status_);
  }
  int end(int signal) {
    if (!ended_) ::kill(pid_, signal);
    return wait();
  }

  // What it has said so far.
  std::string out() const { return read(out_); }
  std::string err() const { return read(err_); }

 private:
  // In a session of its own, by which its children are found.
  void start(const std::function<void()>& act) {
    pid_ = ::fork();
    ended_ = pid_ < 0;
    if (pid_ != 0) return;
    ::setsid();
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::dup2(out_, STDOUT_FILENO);
    ::dup2(err_, STDERR_FILENO);
    act();
    ::_exit(0);
  }
  static std::string read(int fd) {
    std::string text;
    std::array<char, 4096> part{};
    for (ssize_t n = 0;
         (n = ::pread(fd, part.data(), part.size(), static_cast<off_t>(text.size()))) > 0;) {
      text.append(part.data(), static_cast<size_t>(n));
    }
    return text;
  }

  int out_ = ::memfd_create("out", MFD_CLOEXEC);
  int err_ = ::memfd_create("err", MFD_CLOEXEC);
  pid_t pid_ = -1;
  int status_ = -1;
  bool ended_ = false;
};

}  // namespace quanta
