// A parallel build: make keeps `jobs` shells going, each of which forks an assembler and
// executes a compiler.
#include <sys/resource.h>
#include <sys/wait.h>

#include <algorithm>
#include <map>

#include "env/workload/clock.h"
#include "env/workload/draw.h"
#include "env/workload/job.h"
#include "env/workload/kind.h"
#include "env/workload/process.h"

namespace quanta::workload {
namespace {

constexpr Param kBuildParams[] = {
    {"jobs", Param::kNumber, 8, 1, 256, "at a time, as make -j"},
    {"total", Param::kNumber, 0, 0, 1'000'000, "jobs in all; 0: until the run ends"},
    {"least", Param::kDuration, kMillisecond, kMicrosecond, 10 * kSecond,
     "least CPU time of a job, uniform in the logarithm"},
    {"most", Param::kDuration, 22 * kMillisecond, kMicrosecond, 100 * kSecond,
     "most CPU time of a job"},
};

Nanos nanos(const timeval& t) {
  return static_cast<Nanos>(t.tv_sec) * kSecond + static_cast<Nanos>(t.tv_usec) * kMicrosecond;
}

// What has ended: with which code, after how much CPU time of it and of its own children.
struct Ended {
  pid_t pid;
  int code;
  Nanos cpu;
};

Ended wait_job() {
  int status = 0;
  rusage used = {};
  const pid_t pid = ::wait4(-1, &status, 0, &used);
  return {pid, exit_code_of(status), nanos(used.ru_utime) + nanos(used.ru_stime)};
}

int make(const Group& group) {
  const Params& params = group.params();
  const size_t total = params.count("total");
  const Nanos least = params.duration("least");
  const Nanos most = std::max(least, params.duration("most"));
  Task task(group.place(0), "make");
  Slot& slot = task.slot();
  task.arrive();
  if (total > 0) sleep_until(task.window().begin);
  std::map<pid_t, Nanos> running;  // since when
  for (size_t started = 0; total == 0 || started < total || !running.empty();) {
    if ((total == 0 || started < total) && running.size() < params.count("jobs")) {
      const Nanos cpu = log_uniform(task.rng(), least, most);
      const Nanos at = now();
      if (task.measured(at)) slot.demanded += cpu;
      task.burn(50 * kMicrosecond);
      const pid_t pid = spawn([cpu] { return run_shell(cpu); });
      if (pid < 0) return kExitBroken;
      running.emplace(pid, at);
      ++started;
      continue;
    }
    const Ended job = wait_job();
    const auto ran = running.find(job.pid);
    if (ran == running.end()) return kExitBroken;
    if (job.code != 0) return job.code;
    const Nanos end = now();
    if (task.measured(end)) {
      slot.response.add(end - ran->second);
      slot.child_cpu += job.cpu;
      ++slot.done;
    }
    running.erase(ran);
  }
  slot.completed_at = now();
  return 0;
}

}  // namespace

const Kind kBuild = {
    .name = "build",
    .summary = "make -j of short-lived processes that compute and wait for each other's pipes",
    .params = kBuildParams,
    .tasks = [](const Params&) { return size_t{1}; },
    .run = make,
    .wakeup = nullptr,
    .response = "job_seconds",
    .rate = "jobs_per_second",
    .missed = nullptr,
    .fixed = [](const Params& params) { return params.count("total") > 0; },
};

}  // namespace quanta::workload
