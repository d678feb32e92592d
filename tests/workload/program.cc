#include "tests/workload/program.h"

#include <charconv>
#include <chrono>
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

std::vector<std::string> with_program(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), QUANTA_BINARY_DIR "/bin/workload");
  return arguments;
}

}  // namespace

Program::Program(const std::vector<std::string>& arguments) : Child(with_program(arguments)) {}

std::vector<pid_t> Program::processes(const std::string& comm) const {
  std::vector<pid_t> found;
  std::error_code gone;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", gone)) {
    const std::string name = entry.path().filename();
    pid_t process = 0;
    if (std::from_chars(name.data(), name.data() + name.size(), process).ec != std::errc())
      continue;
    const Stat stat = read_stat(entry.path());
    if (stat.state == 'Z') continue;  // an orphan that init has not reaped yet
    if (stat.session == pid() && (comm.empty() || stat.comm == comm)) found.push_back(process);
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

}  // namespace quanta::workload
