// A recorded load: for every task, what it did, as a program that the simulator can run again.
//
// Not what the scheduler did: waiting for a CPU is left out, so that another scheduler may be
// tried. Causes are kept: a wake-up by a task is a kPost in that task's program at the CPU time at
// which it happened, and a kWait in the sleeper's; a wake-up by a timer or device is a kSleep.
// Plain values, cold path only.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "env/base/types.h"

namespace quanta {

enum class TraceOpKind : uint8_t {
  kRun,       // value: CPU time, ns
  kSleep,     // value: ns off the CPU until a timer or device woke it
  kWait,      // blocks until one kPost for this task has arrived (they count)
  kPost,      // value: index of the task that is woken
  kPostSync,  // as kPost, the waker saying that it is about to sleep
  kFork,      // value: index of the child, which starts now
  kExec,      // the task takes its next name (TraceTask::names)
  kExit,
};

struct TraceOp {
  TraceOpKind kind;
  uint64_t value;
};

struct TraceTask {
  std::vector<std::string> names;  // at most 15 bytes each; the first, then one per kExec
  uint32_t process = 0;            // index of the thread-group leader's task, or its own
  int32_t nice = 0;
  uint32_t uid = 0;
  uint64_t cgroup = 0;
  bool kernel_thread = false;
  Nanos start = 0;  // when it starts, for tasks that no kFork starts
  bool forked = false;
  std::vector<TraceOp> ops;
};

struct Trace {
  Nanos duration = 0;
  uint32_t cpus = 0;  // of the recorded machine
  bool anonymised = false;
  uint64_t lost_events = 0;  // while recording
  std::vector<TraceTask> tasks;
};

}  // namespace quanta
