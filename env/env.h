// Where the agent acts: one interface in front of the simulator and of real kernels.
//
// The flow is poll() -> decide -> dispatch(), from one thread, the hot one. poll() hands out what
// has happened, oldest first; every kEnqueue in it wants one Decision, given in any order by
// dispatch() before the next poll(). A decision whose generation is no longer the task's is dropped
// and counted. None of the calls allocates or throws once the environment has started.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "env/base/result.h"
#include "env/base/types.h"

namespace quanta {

class KernelPolicy;

enum class EventKind : uint8_t {
  kNew,      // A slot has a task: read task(). `other` is the parent or kNoTask.
  kExec,     // The task's name or weight changed: read task() again.
  kExit,     // The slot is free after this event.
  kWake,     // Woke and was dispatched to an idle CPU at once; no decision. `other` is the waker.
  kEnqueue,  // Runnable and waiting: a decision is wanted. `other` is the waker when kWakeup is
             // set.
  kStart,    // Runs on `cpu` from now on.
  kStop,     // Leaves `cpu`. See StopReason.
};

// Bits of Event::flags.
inline constexpr uint8_t kWakeup = 1;     // kEnqueue: from sleep (else: preempted or slice used up)
inline constexpr uint8_t kSync = 2;       // kWake, kEnqueue: the waker says it is about to sleep
inline constexpr uint8_t kUndecided = 4;  // kStart: it ran before its decision came, without it
inline constexpr uint8_t kJudged = 8;     // kEnqueue: the environment has decided; see KernelPolicy

enum class StopReason : uint8_t { kSleep, kSliceEnd, kPreempted, kExit };

struct Event {
  Nanos time;
  Nanos ran;       // kStop: CPU time since kStart
  Nanos work = 0;  // kStop: the useful part of `ran`, by the environment's throughput counter
                   // (instructions retired, as time at full speed); `ran` where there is none
                   // kEnqueue with kJudged: what KernelPolicy::judgement() finds it by
  TaskId task;
  TaskId other;         // see EventKind
  uint32_t generation;  // of this enqueue; goes back in the decision
  int16_t cpu;          // kStart, kStop; kWake, kEnqueue: the CPU it was sent to
  EventKind kind;
  uint8_t flags;
  StopReason reason;  // kStop only
  uint8_t pad[7];
};
static_assert(sizeof(Event) == 48);

// What an environment knows of a task when it appears. Valid until the slot is reused.
struct TaskInfo {
  char comm[16];     // NUL-terminated, as the kernel has it
  uint32_t pid;      // thread id
  uint32_t process;  // thread-group id
  uint32_t weight;   // load weight, 1024 = nice 0
  int32_t nice;
  uint32_t uid;
  bool kernel_thread;
  uint8_t pad[3];   // part of saved state: no byte is left undefined
  uint64_t cgroup;  // hash of the cgroup path (fnv1a64), 0: root or unknown
};
static_assert(sizeof(TaskInfo) == 48);

// What an environment remembers of a task that it has not told of from the beginning on. Units and
// definitions are the tracker's.
struct TaskFacts {
  Nanos slept_at;
  Nanos exec;
  Nanos burst;
  Nanos last_burst;
  Nanos sleep;
  Nanos last_sleep;
  Nanos wait;
  Nanos floor;
  uint16_t sync_share;
  uint16_t involuntary_share;
};

// A Decision::guard that never comes.
inline constexpr Nanos kNoGuard = ~Nanos{0};

// What the scheduler says about one enqueued task.
struct Decision {
  TaskId task;
  uint32_t generation;
  uint64_t key;    // order in the shared queue: smallest first
  Nanos guard;     // waiting past this time, the task goes before every key (earliest guard first)
  uint32_t slice;  // ns
  int16_t preempt_cpu;  // kNoCpu: wait; else: put the task on this CPU in place of what runs there
  uint16_t pad;
};
static_assert(sizeof(Decision) == 32);

// Why an environment is finished(), for the person who started it.
struct Ending {
  std::string line;  // empty: nothing to say
  int exit_code = 0;
  bool restart = false;  // to be opened anew
};

// Something that an environment counts for Prometheus.
struct EnvCounter {
  const char* name;  // "quanta_live_..._total"
  const char* help;
  uint64_t value;
  double unit = 1;  // what one of `value` is shown as
};

class Env {
 public:
  virtual ~Env() = default;

  virtual std::string_view name() const = 0;
  virtual int cpus() const = 0;
  virtual uint32_t max_tasks() const = 0;  // every TaskId is below it
  virtual Nanos now() const = 0;
  // Null unless the environment decides by itself: then dispatch() is not used.
  virtual KernelPolicy* kernel_policy() { return nullptr; }
  // A slice that is used up may go on for so long, and who comes next may have been chosen before.
  virtual Nanos granularity() const { return 0; }

  // Tasks of one name do not preempt each other, as those of one process never do: where a switch
  // costs more than can be told beforehand.
  virtual bool namesakes_are_peers() const { return false; }

  // Once, from the hot thread, before its first poll(): from now on the environment acts.
  virtual Status begin() { return {}; }
  // Fills `out` with the next events and returns how many. 0: nothing new yet, or finished().
  virtual size_t poll(std::span<Event> out) = 0;
  virtual void dispatch(std::span<const Decision> decisions) = 0;
  // Hot thread, after a poll() that gave nothing: returns when there may be something, or after
  // `timeout`. At once where time stands still meanwhile.
  virtual void wait(Nanos timeout) { static_cast<void>(timeout); }
  virtual bool finished() const = 0;
  virtual Ending ending() const { return {}; }  // once it is finished

  virtual const TaskInfo& task(TaskId id) const = 0;

  // While a kNew is taken in: the task's past. Null: it has none.
  virtual const TaskFacts* facts(TaskId) const { return nullptr; }

  // True where the environment's time stands still until the agent goes on: the agent may then
  // interleave acting and learning in one thread and a run is repeatable.
  virtual bool waits_for_agent() const = 0;

  // The environment's own state, for a checkpoint that goes on exactly where it stopped. False: it
  // has none, or `state` does not fit this environment (which is then unusable).
  virtual bool save(std::string& state) = 0;
  virtual bool load(std::span<const char> state) = 0;

  // Decisions dropped because their generation was stale.
  virtual uint64_t stale_decisions() const = 0;

  // Any thread.
  virtual std::vector<EnvCounter> counters() const { return {}; }
  // A cold thread, about once a second: looks up what the hot one may need and cannot ask for.
  virtual void refresh() {}
};

}  // namespace quanta
