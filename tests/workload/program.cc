#include "tests/workload/program.h"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

namespace quanta::workload {
namespace {

struct Stat {
  std::string comm;
  char state = 0;
  pid_t session = 0;
};

Stat read_stat(const std::filesystem::path& process) {
  std::ifstream file(process / "stat");
  std::string text;
  std::getline(file, text);
  const size_t open = text.find('(');
  const size_t close = text.rfind(')');
  if (open == std::string::npos || close == std::string::npos) return {};
  Stat stat{.comm = text.substr(open + 1, close - open - 1)};
  pid_t parent = 0;
  pid_t group = 0;
  std::istringstream(text.substr(close + 1)) >> stat.state >> parent >> group >> stat.session;
  return stat;
}

std::string read_all(int fd) {
  std::string text;
  std::array<char, 4096> part{};
  for (ssize_t n = 0; (n = ::read(fd, part.data(), part.size())) > 0;) {
    text.append(part.data(), static_cast<size_t>(n));
  }
  ::close(fd);
  return text;
}

}  // namespace

Program::Program(const std::vector<std::string>& arguments) {
  std::array<int, 2> out{};
  std::array<int, 2> err{};
  if (::pipe(out.data()) != 0 || ::pipe(err.data()) != 0) return;
  std::string path = QUANTA_BINARY_DIR "/bin/workload";
  std::vector<std::string> owned = arguments;
  std::vector<char*> argv{path.data()};
  for (std::string& argument : owned) argv.push_back(argument.data());
  argv.push_back(nullptr);
  pid_ = ::fork();
  if (pid_ == 0) {
    ::setsid();
    ::dup2(out[1], STDOUT_FILENO);
    ::dup2(err[1], STDERR_FILENO);
    for (const int fd : {out[0], out[1], err[0], err[1]}) ::close(fd);
    ::execv(path.c_str(), argv.data());
    ::_exit(127);
  }
  ::close(out[1]);
  ::close(err[1]);
  out_pipe_ = out[0];
  err_pipe_ = err[0];
}

Program::~Program() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  wait();
}

std::vector<pid_t> Program::processes(const std::string& comm) const {
  std::vector<pid_t> found;
  std::error_code gone;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", gone)) {
    const std::string name = entry.path().filename();
    pid_t pid = 0;
    if (std::from_chars(name.data(), name.data() + name.size(), pid).ec != std::errc()) continue;
    const Stat stat = read_stat(entry.path());
    if (stat.state == 'Z') continue;  // an orphan that init has not reaped yet
    if (stat.session == pid_ && (comm.empty() || stat.comm == comm)) found.push_back(pid);
  }
  return found;
}

bool Program::has(size_t n, const std::string& comm) const {
  for (int tries = 0; tries < 1000; ++tries) {
    if (processes(comm).size() >= n) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

int Program::wait() {
  out_ = read_all(out_pipe_);
  err_ = read_all(err_pipe_);
  int status = 0;
  ::waitpid(pid_, &status, 0);
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return code;
}

}  // namespace quanta::workload
