// Turns the kernel's events into the environment's, in an order that makes sense for every task
// even where some were lost: what a task must have done in between is filled in, and counted.
//
// One thread, the hot one; no allocation after construction. Whatever comes in, what goes out obeys
// kNew (kWake | kEnqueue -> kStart -> kStop)* kExit per task, one running task per CPU, and time
// that does not go back.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "bpf/intf.h"
#include "env/env.h"

namespace quanta {

class Sequencer {
 public:
  static constexpr size_t kMostPerEvent = 6;  // that one kernel event can turn into

  // `cpu_of`: by the kernel's CPU id, the dense one or kNoCpu.
  Sequencer(uint32_t max_tasks, std::vector<int16_t> cpu_of, int cpus);

  // Appends 0 to kMostPerEvent events to `out`, which has the capacity.
  void take(const quanta_event& event, std::vector<Event>& out);

  // After a time of which nothing was reported: each task that is known goes, at the time of the
  // last event,
  void forget(TaskId task, std::vector<Event>& out);
  // and comes again, at `now`, as the kernel half's table has it. `in`: its slot is in use.
  void recall(Nanos now, TaskId task, const quanta_task& in, std::vector<Event>& out);

  uint64_t repaired() const { return repaired_; }  // events filled in or left out

 private:
  enum class State : uint8_t { kGone, kAsleep, kQueued, kRunning, kPutBack };

  void put(EventKind kind, TaskId task, std::vector<Event>& out);
  void appear(TaskId task, std::vector<Event>& out);
  void wake(TaskId task, std::vector<Event>& out);
  void stop(TaskId task, StopReason reason, Nanos ran, std::vector<Event>& out);
  void runnable(const quanta_event& event, std::vector<Event>& out);
  void start(const quanta_event& event, std::vector<Event>& out);
  void stopped(const quanta_event& event, std::vector<Event>& out);

  std::vector<State> states_;
  std::vector<int16_t> on_cpu_;  // per task, where it runs
  std::vector<TaskId> running_;  // per CPU
  std::vector<int16_t> cpu_of_;
  Nanos now_ = 0;
  uint64_t repaired_ = 0;
};

}  // namespace quanta
