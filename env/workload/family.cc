#include "env/workload/family.h"

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "env/workload/clock.h"
#include "env/workload/process.h"

namespace quanta::workload {
namespace {

constexpr Nanos kGrace = 10 * kSecond;  // for killed processes to die

std::string how(int code) {
  if (code > 128) return fmt::format("killed by signal {} ({})", code - 128, strsignal(code - 128));
  return code == 0 ? "ended early" : fmt::format("failed with exit code {}", code);
}

int run_group(const GroupSpec& spec, const Group& group) {
  const auto nice = static_cast<int>(spec.params.number("nice"));
  if (nice != 0 && ::setpriority(PRIO_PROCESS, 0, nice) != 0) {
    fmt::print(stderr, "workload: group '{}': nice {}: {}\n", spec.name, nice,
               std::strerror(errno));
    return kExitBroken;
  }
  name_thread(spec.name.c_str());
  return spec.kind->run(group);
}

}  // namespace

Family::Family() {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1UL);
  ::signal(SIGCHLD, SIG_DFL);
  ::sigemptyset(&signals_);
  for (const int s : {SIGINT, SIGTERM, SIGHUP, SIGCHLD}) ::sigaddset(&signals_, s);
  ::sigprocmask(SIG_BLOCK, &signals_, nullptr);
}

Status Family::start(const GroupSpec& spec, const Group& group) {
  const pid_t pid = spawn([&] {
    ::setpgid(0, 0);
    ::sigprocmask(SIG_UNBLOCK, &signals_, nullptr);
    return run_group(spec, group);
  });
  if (pid < 0) return fail("no room for another process");
  ::setpgid(pid, pid);
  members_.push_back({pid, spec.name, spec.fixed()});
  return {};
}

Status Family::reap() {
  int status = 0;
  for (pid_t pid = 0; (pid = ::waitpid(-1, &status, WNOHANG)) > 0;) {
    const auto member = std::find_if(members_.begin(), members_.end(),
                                     [&](const Member& m) { return m.pid == pid; });
    if (member == members_.end()) continue;
    member->done = true;
    const int code = exit_code_of(status);
    if (code == 0 && member->fixed) continue;
    return fail(fmt::format("group '{}': {}", member->name, how(code)));
  }
  return {};
}

bool Family::work_done() const {
  const auto fixed = [](const Member& m) { return m.fixed; };
  return std::any_of(members_.begin(), members_.end(), fixed) &&
         std::all_of(members_.begin(), members_.end(),
                     [&](const Member& m) { return m.done || !fixed(m); });
}

Result<int> Family::wait_until(Nanos deadline) {
  for (Nanos at = now(); at < deadline && !work_done(); at = now()) {
    const timespec left = to_timespec(deadline - at);
    const int s = ::sigtimedwait(&signals_, nullptr, &left);
    if (s > 0 && s != SIGCHLD) return s;
    if (const Status reaped = reap(); !reaped) return tl::unexpected(reaped.error());
  }
  return 0;
}

Status Family::end() {
  for (const Member& member : members_) ::kill(-member.pid, SIGKILL);
  members_.clear();
  const Nanos deadline = now() + kGrace;
  for (;;) {
    const pid_t pid = ::waitpid(-1, nullptr, WNOHANG);
    if (pid > 0) continue;
    if (pid < 0 && errno == ECHILD) return {};
    if (now() > deadline) return fail("killed processes did not end within 10 s");
    const timespec pause = to_timespec(10 * kMillisecond);
    ::sigtimedwait(&signals_, nullptr, &pause);
  }
}

}  // namespace quanta::workload
