#include "agent/bench/child_scheduler.h"

#include <fmt/format.h>

#include <csignal>
#include <fstream>

#include "env/base/clocks.h"

namespace quanta {
namespace {

constexpr Nanos kStart = 180 * kSecond;  // under instruction counting all takes its time
constexpr Nanos kEndScheduler = 30 * kSecond;
const std::atomic<bool> kNever{false};

}  // namespace

Result<ChildScheduler> ChildScheduler::start(const Command& command,
                                             const std::atomic<bool>& interrupted,
                                             std::string state_file) {
  Result<Process> process = Process::start(command);
  if (!process) return tl::unexpected(process.error());
  ChildScheduler scheduler(*std::move(process), std::move(state_file));
  if (scheduler.wait_for_state("enabled", kStart, interrupted)) return scheduler;
  const bool alive = !scheduler.process_.wait(0, kNever);
  scheduler.process_.end(SIGINT, kEndScheduler);
  if (interrupted) return fail("interrupted");
  if (alive) return fail("the scheduler did not start scheduling");
  return tl::unexpected(scheduler.death());
}

Status ChildScheduler::check() {
  if (process_.wait(0, kNever)) return tl::unexpected(death());
  if (state() != "enabled") {
    return fail(fmt::format("the kernel no longer uses the scheduler (state {}): {}", state(),
                            process_.last_line()));
  }
  return {};
}

Status ChildScheduler::stop() {
  process_.end(SIGINT, kEndScheduler);
  if (process_.exit_code() != 0) return tl::unexpected(death());
  if (!wait_for_state("disabled", kEndScheduler, kNever)) {
    return fail(fmt::format("sched_ext is still {} after the scheduler's end", state()));
  }
  return {};
}

std::string ChildScheduler::state() const {
  std::string state;
  std::ifstream(state_file_) >> state;
  return state;
}

// Ends early if the process does.
bool ChildScheduler::wait_for_state(const std::string& wanted, Nanos timeout,
                                    const std::atomic<bool>& interrupted) {
  constexpr Nanos kLook = 50 * kMillisecond;
  const Nanos deadline = monotonic_time() + timeout;
  while (state() != wanted) {
    if (interrupted || monotonic_time() > deadline) return false;
    if (!process_.wait(kLook, interrupted)) continue;
    if (wanted == "enabled") return false;
    const timespec pause{.tv_sec = 0, .tv_nsec = kLook};
    ::nanosleep(&pause, nullptr);
  }
  return true;
}

Error ChildScheduler::death() const {
  return {
      fmt::format("the scheduler ended with {}: {}", process_.exit_code(), process_.last_line())};
}

}  // namespace quanta
