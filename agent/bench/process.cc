#include "agent/bench/process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace quanta {
namespace {

constexpr int kNoProgram = 127;

int create(const std::string& file) {
  return ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
}

// In the child: becomes the program.
[[noreturn]] void become(char* const* words, const char* folder, int out, int err, pid_t parent) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != parent) ::_exit(kNoProgram);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(err, STDERR_FILENO);
  if (::chdir(folder) == 0) ::execvp(words[0], words);
  ::dprintf(STDERR_FILENO, "%s: %s\n", words[0], std::strerror(errno));
  ::_exit(kNoProgram);
}

std::string text_in(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string last_line_in(const std::string& file) {
  std::ifstream in(file);
  std::string last;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty()) last = line;
  }
  return last;
}

}  // namespace

Result<Process> Process::start(const Command& command) {
  const std::string output = command.folder + "/" + command.name;
  std::vector<std::string> words = command.words;
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const int out = create(output + ".out");
  const int err = create(output + ".err");
  const pid_t self = ::getpid();
  const pid_t pid = out < 0 || err < 0 ? -1 : ::fork();
  if (pid == 0) become(argv.data(), command.folder.c_str(), out, err, self);
  const int problem = errno;
  if (out >= 0) ::close(out);
  if (err >= 0) ::close(err);
  if (pid < 0) return fail(fmt::format("{}: {}", words.front(), std::strerror(problem)));
  ::setpgid(pid, pid);  // here too: whoever comes first
  return Process(pid, static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)), output);
}

Process::~Process() {
  if (pid_ < 0) return;
  ::kill(-pid_, SIGKILL);
  if (!ended_) ::waitpid(pid_, nullptr, 0);
  ::close(pidfd_);
}

bool Process::wait(Nanos timeout, const std::atomic<bool>& interrupted) {
  constexpr Nanos kLook = 200 * kMillisecond;  // a signal may come just before the poll
  for (Nanos left = timeout; !ended_; left -= std::min(left, kLook)) {
    pollfd end{.fd = pidfd_, .events = POLLIN, .revents = 0};
    const Nanos now = std::min(left, kLook);
    ::poll(&end, 1, static_cast<int>((now + kMillisecond - 1) / kMillisecond));
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) == pid_) {
      ended_ = true;
      exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    if (left == 0 || interrupted) break;
  }
  return ended_;
}

void Process::end(int signal, Nanos patience) {
  static const std::atomic<bool> kNever{false};
  if (ended_) return;
  ::kill(pid_, signal);
  if (wait(patience, kNever)) return;
  ::kill(-pid_, SIGKILL);
  wait(patience, kNever);
}

std::string Process::out() const {
  return text_in(output_ + ".out");
}

std::string Process::last_line() const {
  const std::string said = last_line_in(output_ + ".err");
  return said.empty() ? last_line_in(output_ + ".out") : said;
}

Result<ScratchFolder> ScratchFolder::make() {
  std::error_code error;
  std::string path = std::filesystem::temp_directory_path(error) / "quanta-bench-XXXXXX";
  if (::mkdtemp(path.data()) == nullptr) {
    return fail(fmt::format("no temporary folder {}: {}", path, std::strerror(errno)));
  }
  return ScratchFolder(std::move(path));
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

}  // namespace quanta
