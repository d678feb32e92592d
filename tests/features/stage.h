// A tracker on a scripted environment, moved by sentences: wake, start, sleep. Times in
// microseconds.
#pragma once

#include <functional>
#include <vector>

#include "agent/features/tracker.h"
#include "tests/features/scripted_env.h"

namespace quanta {

class Stage {
 public:
  explicit Stage(int cpus, Weighing weighing = {}, uint32_t max_tasks = 16, Nanos granularity = 0)
      : env(cpus, max_tasks, granularity), weights(std::move(weighing)), tracker(env, weights) {}

  // Also told of every event, after the tracker.
  void tell(std::function<void(const Event&)> listener) {
    listeners_.push_back(std::move(listener));
  }

  void appear(Nanos us, TaskId id, const TaskSpec& spec = {}) {
    env.describe(id, spec);
    happen(at(us, EventKind::kNew, id));
  }
  void rename(Nanos us, TaskId id, const TaskSpec& spec) {
    env.describe(id, spec);
    happen(at(us, EventKind::kExec, id));
  }
  void exit(Nanos us, TaskId id) { happen(at(us, EventKind::kExit, id)); }
  // Wakes to an idle CPU.
  void direct(Nanos us, TaskId id, CpuId cpu, TaskId waker = kNoTask) {
    Event e = at(us, EventKind::kWake, id);
    e.cpu = static_cast<int16_t>(cpu);
    e.flags = kWakeup;
    e.other = waker;
    happen(e);
  }
  // Wakes and waits for a decision.
  void wake(Nanos us, TaskId id, TaskId waker = kNoTask, bool sync = false) {
    Event e = at(us, EventKind::kEnqueue, id);
    e.flags = static_cast<uint8_t>(kWakeup | (sync ? kSync : 0));
    e.other = waker;
    happen(e);
  }
  // Waits for a decision after it was stopped.
  void put_back(Nanos us, TaskId id) { happen(at(us, EventKind::kEnqueue, id)); }
  void start(Nanos us, TaskId id, CpuId cpu = 0, uint8_t flags = 0) {
    Event e = at(us, EventKind::kStart, id);
    e.flags = flags;
    e.cpu = static_cast<int16_t>(cpu);
    happen(e);
  }
  // The task has run since its start; `lost_us` of that was not useful.
  void stop(Nanos us, TaskId id, StopReason reason, Nanos lost_us = 0) {
    Event e = at(us, EventKind::kStop, id);
    e.reason = reason;
    e.cpu = tracker.task(id).cpu;
    e.ran = e.time - tracker.task(id).started;
    e.work = e.ran - lost_us * kMicrosecond;
    happen(e);
  }
  void sleep(Nanos us, TaskId id) { stop(us, id, StopReason::kSleep); }
  // Stopped and put back at once.
  void preempt(Nanos us, TaskId id) {
    stop(us, id, StopReason::kPreempted);
    put_back(us, id);
  }
  void slice_end(Nanos us, TaskId id) {
    stop(us, id, StopReason::kSliceEnd);
    put_back(us, id);
  }
  // One activation on an idle CPU.
  void activation(Nanos us, TaskId id, Nanos run_us, CpuId cpu = 0) {
    direct(us, id, cpu);
    start(us, id, cpu);
    sleep(us + run_us, id);
  }
  const Event& last() const { return last_; }

  ScriptedEnv env;
  Weighing weights;
  Tracker tracker;

 private:
  static Event at(Nanos us, EventKind kind, TaskId id) {
    return event_at(us * kMicrosecond, kind, id);
  }
  void happen(const Event& event) {
    env.play(event);
    env.poll({&last_, 1});
    tracker.update(last_);
    for (const auto& listener : listeners_) listener(last_);
  }

  std::vector<std::function<void(const Event&)>> listeners_;
  Event last_{};
};

// Everybody's waiting costs `weight`: keeps hand-worked sums simple.
inline Weighing all_weigh(double weight) {
  Weighing w;
  w.classes.push_back({.name = "all",
                       .comm = "",
                       .cgroup = "",
                       .nice_min = -20,
                       .nice_max = 19,
                       .uid = -1,
                       .weight = weight,
                       .deadline = 0});
  return w;
}

}  // namespace quanta
