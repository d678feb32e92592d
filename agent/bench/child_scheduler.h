// A sched_ext scheduler as a child process, from the moment it schedules the machine until it has
// given it back. One thread.
#pragma once

#include <atomic>
#include <string>
#include <utility>

#include "agent/bench/process.h"

namespace quanta {

class ChildScheduler {
 public:
  // Waits until the kernel's `state_file` says "enabled". An error holds the scheduler's last line.
  static Result<ChildScheduler> start(const Command& command, const std::atomic<bool>& interrupted,
                                      std::string state_file = "/sys/kernel/sched_ext/state");

  // An error if it no longer schedules.
  Status check();
  // Ends it and waits until the kernel says "disabled".
  Status stop();

 private:
  ChildScheduler(Process process, std::string state_file)
      : process_(std::move(process)), state_file_(std::move(state_file)) {}

  std::string state() const;
  bool wait_for_state(const std::string& wanted, Nanos timeout,
                      const std::atomic<bool>& interrupted);
  Error death() const;

  Process process_;
  std::string state_file_;
};

}  // namespace quanta
