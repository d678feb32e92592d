#include "env/workload/job.h"

#include <fmt/format.h>
#include <sys/auxv.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <string>

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

using Piece = std::array<char, 512>;

void burn(Nanos cpu) {
  Burner burner;
  Nanos at = cpu_time();
  for (const Nanos end = at + cpu; at < end;) at = burner.chunk(at, end);
}

int run_assembler(Nanos cpu, int input) {
  name_thread("as");
  Piece piece{};
  for (int i = 0; i < kPieces; ++i) {
    if (::read(input, piece.data(), piece.size()) <= 0) return kExitBroken;
    burn(cpu / kPieces);
  }
  return 0;
}

}  // namespace

int run_shell(Nanos cpu) {
  name_thread("sh");
  burn(kShell);
  std::array<int, 2> pipe{};
  if (::pipe(pipe.data()) != 0) return kExitBroken;
  const Nanos compiler = scaled(cpu, kCompiler);
  const pid_t assembler = spawn([&] {
    ::close(pipe[1]);
    return run_assembler(cpu - compiler, pipe[0]);
  });
  if (assembler < 0) return kExitBroken;
  ::dup2(pipe[1], STDOUT_FILENO);
  ::close(pipe[0]);
  ::close(pipe[1]);
  // The path that this program was started by: works without /proc.
  const auto* self = reinterpret_cast<const char*>(::getauxval(AT_EXECFN));  // NOLINT
  ::execl(self, self, kCompilerCommand, fmt::format("{}", compiler).c_str(), nullptr);
  return kExitBroken;
}

int run_compiler(Nanos cpu) {
  name_thread("cc1");
  const Piece piece{};
  for (int i = 0; i < kPieces; ++i) {
    burn(cpu / kPieces);
    if (::write(STDOUT_FILENO, piece.data(), piece.size()) <= 0) return kExitBroken;
  }
  int status = 0;
  return ::waitpid(-1, &status, 0) > 0 ? exit_code_of(status) : kExitBroken;  // the assembler's
}

}  // namespace quanta::workload
