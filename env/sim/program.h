// What simulated tasks do: programs of a few operations, and the loads built from them.
//
// A program is interpreted by the machine: kRun takes CPU time, kSleep, kPeriod and kWait take the
// task off the CPU, all others take no time. Every random draw comes from the task's own stream, so
// that a load does the same under every scheduler. Plain values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "env/base/types.h"

namespace quanta {

// A distribution of durations, in ns.
struct Dist {
  enum Kind : uint8_t { kConstant, kUniform, kExponential, kLogNormal, kBimodal };
  Kind kind = kConstant;
  float a =
      0;  // constant: value; uniform: least; exponential: mean; lognormal: median; bimodal: first
  float b = 0;  // uniform: greatest; lognormal: sigma of the natural logarithm; bimodal: second
  float p = 0;  // bimodal: probability of the second
};

enum class OpKind : uint8_t {
  kRun,       // dist
  kSleep,     // dist
  kPeriod,    // dist: sleeps until the next multiple of it (drawn once, on the task's first pass)
  kWait,      // arg: channel. Blocks for one message; takes over its sender and stamp
  kPost,      // arg: channel. Sends (self, stamp)
  kPostSync,  // as kPost, saying that this task is about to sleep
  kReply,     // wakes the sender of the last message (its own channel), about to sleep
  kWaitOwn,   // blocks until somebody has replied to or woken this task, once for each
  kPostTask,  // arg: task slot offset of the load. Wakes that task's own channel
  kPostTaskSync,
  kFork,        // arg: program. The child's parent is this task
  kForkTask,    // arg: task offset of the load (traces: children are laid out in advance)
  kPostParent,  // wakes the parent's own channel
  kExec,        // arg: name, index into Load::names
  kBegin,       // stamp = now
  kEnd,         // records now - stamp as a response time of the group, counts one unit of work
  kDone,        // counts one unit of work
  kJump,        // arg: operation to go on with
  kRepeat,      // jumps back to arg until it has been passed `count` times
  kExit,
};

struct Op {
  OpKind kind;
  uint32_t arg = 0;
  uint32_t count = 0;
  Dist dist;
};

struct Program {
  std::vector<Op> ops;
  uint32_t group = 0;  // whose results its tasks count towards
  uint32_t name = 0;   // index into Load::names
  uint32_t weight = kNiceZeroWeight;
  int32_t nice = 0;
  uint32_t uid = 1000;
  uint64_t cgroup = 0;
  bool kernel_thread = false;
  bool device = false;     // takes no CPU: a timer, a network card
  Nanos cache_refill = 0;  // extra CPU time after an involuntary stop or a migration
};

// One task that stands from the start (forked ones come from programs).
struct LoadTask {
  uint32_t program;
  uint32_t process;  // tasks with the same number share a process
  Nanos start = 0;
  bool forked = false;  // waits for its kForkTask
};

// How a group's success is measured, for people and for evaluation.
struct LoadGroup {
  static constexpr Nanos kForever = ~Nanos{0};

  std::string name;
  Nanos deadline = 0;  // of a response (kBegin..kEnd); 0: none
  bool batch = false;  // wants CPU time, not latency
  Nanos from = 0;      // when its first tasks may start (LoadTask::start)
  // From then on its tasks exit at their next operation, and those that sleep or wait wake up for
  // it. With an end, its channels must be its own: nobody may wait for a group that is gone.
  Nanos until = kForever;
};

struct Load {
  std::string name;
  std::vector<std::string> names;
  std::vector<LoadGroup> groups;
  std::vector<Program> programs;
  std::vector<LoadTask> tasks;
  std::vector<uint32_t> channels;  // messages that each holds at the start
  Nanos repeat = 0;                // >0: starts anew that often (a trace)
  uint32_t max_tasks = 1024;       // slots, forked tasks included
};

// Kernel load weight of a nice value in [-20, 19] (sched_prio_to_weight).
uint32_t nice_to_weight(int nice);

}  // namespace quanta
