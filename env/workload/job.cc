#include "env/workload/job.h"

#include <fmt/format.h>
#include <sys/auxv.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <string>
#include <string_view>

#include "env/workload/burn.h"
#include "env/workload/clock.h"
#include "env/workload/draw.h"
#include "env/workload/process.h"
#include "env/workload/task.h"

namespace quanta::workload {
namespace {

constexpr int kPieces = 4;
constexpr double kCompiler = 0.85;  // of a job's CPU time; the rest is the assembler's
constexpr Nanos kShell = 200 * kMicrosecond;

void burn(Nanos cpu) {
  Burner burner;
  Nanos at = cpu_time();
  for (const Nanos end = at + cpu; at < end;) at = burner.chunk(at, end);
}

// Forks and executes this program itself, as a tool whose `fd` (0 or 1) is `end`.
pid_t start_tool(const char* name, Nanos cpu, int fd, const std::array<int, 2>& pipe) {
  return spawn([&] {
    ::dup2(pipe[static_cast<size_t>(fd)], fd);
    ::close(pipe[0]);
    ::close(pipe[1]);
    // The path that this program was started by: works without /proc.
    const auto* self = reinterpret_cast<const char*>(::getauxval(AT_EXECFN));  // NOLINT
    const std::string nanos = fmt::format("{}", cpu);
    ::execl(self, self, kToolCommand, name, nanos.c_str(), nullptr);
    return kExitBroken;
  });
}

}  // namespace

int run_shell(Nanos cpu) {
  name_thread("sh");
  burn(kShell);
  std::array<int, 2> pipe{};
  if (::pipe(pipe.data()) != 0) return kExitBroken;
  const Nanos compiler = scaled(cpu, kCompiler);
  if (start_tool("cc1", compiler, STDOUT_FILENO, pipe) < 0) return kExitBroken;
  if (start_tool("as", cpu - compiler, STDIN_FILENO, pipe) < 0) return kExitBroken;
  ::close(pipe[0]);
  ::close(pipe[1]);
  int worst = 0;
  for (int tools = 0; tools < 2; ++tools) {
    int status = 0;
    if (::waitpid(-1, &status, 0) < 0) return kExitBroken;
    if (const int code = exit_code_of(status); code != 0) worst = code;
  }
  return worst;
}

int run_tool(const char* name, Nanos cpu) {
  name_thread(name);
  const bool reads = std::string_view(name) == "as";
  std::array<char, 512> piece{};
  for (int i = 0; i < kPieces; ++i) {
    if (reads && ::read(STDIN_FILENO, piece.data(), piece.size()) <= 0) return kExitBroken;
    burn(cpu / kPieces);
    if (!reads && ::write(STDOUT_FILENO, piece.data(), piece.size()) <= 0) return kExitBroken;
  }
  return 0;
}

}  // namespace quanta::workload
