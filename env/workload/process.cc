#include "env/workload/process.h"

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>

namespace quanta::workload {

pid_t spawn(const std::function<int()>& body) {
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child < 0) fmt::print(stderr, "workload: fork: {}\n", std::strerror(errno));
  if (child != 0) return child;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(kExitBroken);  // it ended before the line above
  ::_exit(body());
}

int exit_code_of(int status) {
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int wait_for_any() {
  int status = 0;
  while (::waitpid(-1, &status, 0) < 0) {
    if (errno != EINTR) return kExitBroken;
  }
  const int code = exit_code_of(status);
  return code == 0 ? kExitBroken : code;
}

}  // namespace quanta::workload
