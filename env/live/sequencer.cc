#include "env/live/sequencer.h"

#include <algorithm>
#include <utility>

namespace quanta {

static_assert(static_cast<int>(EventKind::kNew) == QUANTA_EVENT_NEW);
static_assert(static_cast<int>(EventKind::kExec) == QUANTA_EVENT_EXEC);
static_assert(static_cast<int>(EventKind::kExit) == QUANTA_EVENT_EXIT);
static_assert(static_cast<int>(EventKind::kWake) == QUANTA_EVENT_WAKE);
static_assert(static_cast<int>(EventKind::kEnqueue) == QUANTA_EVENT_ENQUEUE);
static_assert(static_cast<int>(EventKind::kStart) == QUANTA_EVENT_START);
static_assert(static_cast<int>(EventKind::kStop) == QUANTA_EVENT_STOP);
static_assert(static_cast<int>(StopReason::kSleep) == QUANTA_STOP_SLEEP);
static_assert(static_cast<int>(StopReason::kSliceEnd) == QUANTA_STOP_SLICE_END);
static_assert(static_cast<int>(StopReason::kPreempted) == QUANTA_STOP_PREEMPTED);
static_assert(static_cast<int>(StopReason::kExit) == QUANTA_STOP_EXIT);
static_assert(kWakeup == QUANTA_EVENT_WAKEUP && kSync == QUANTA_EVENT_SYNC);
static_assert(kUndecided == QUANTA_EVENT_UNDECIDED && kJudged == QUANTA_EVENT_JUDGED);
static_assert(kNoTask == QUANTA_NO_SLOT && kNoCpu == QUANTA_NO_CPU);

Sequencer::Sequencer(uint32_t max_tasks, std::vector<int16_t> cpu_of, int cpus)
    : states_(max_tasks, State::kGone),
      on_cpu_(max_tasks, static_cast<int16_t>(kNoCpu)),
      running_(static_cast<size_t>(cpus), kNoTask),
      cpu_of_(std::move(cpu_of)) {}

void Sequencer::put(EventKind kind, TaskId task, std::vector<Event>& out) {
  Event event{};
  event.time = now_;
  event.task = task;
  event.other = kNoTask;
  event.cpu = static_cast<int16_t>(kNoCpu);
  event.kind = kind;
  out.push_back(event);
}

void Sequencer::appear(TaskId task, std::vector<Event>& out) {
  put(EventKind::kNew, task, out);
  states_[task] = State::kAsleep;
}

void Sequencer::wake(TaskId task, std::vector<Event>& out) {
  put(EventKind::kWake, task, out);
  if (states_[task] == State::kAsleep) out.back().flags = kWakeup;
  states_[task] = State::kQueued;
}

void Sequencer::stop(TaskId task, StopReason reason, Nanos ran, std::vector<Event>& out) {
  put(EventKind::kStop, task, out);
  Event& event = out.back();
  event.cpu = on_cpu_[task];
  event.reason = reason;
  event.ran = event.work = ran;
  running_[static_cast<size_t>(event.cpu)] = kNoTask;
  const bool sleeps = reason == StopReason::kSleep || reason == StopReason::kExit;
  states_[task] = sleeps ? State::kAsleep : State::kPutBack;
}

void Sequencer::runnable(const quanta_event& in, std::vector<Event>& out) {
  const TaskId task = in.slot;
  if (states_[task] == State::kRunning) {
    ++repaired_;
    stop(task, StopReason::kPreempted, 0, out);
  }
  put(static_cast<EventKind>(in.kind), task, out);
  Event& event = out.back();
  if (in.other < states_.size() && states_[in.other] != State::kGone) event.other = in.other;
  event.generation = in.generation;
  event.flags = in.flags & (kWakeup | kSync | kJudged);
  if (in.cpu >= 0 && static_cast<size_t>(in.cpu) < cpu_of_.size()) {
    event.cpu = cpu_of_[static_cast<size_t>(in.cpu)];
  }
  states_[task] = State::kQueued;
}

void Sequencer::start(const quanta_event& in, std::vector<Event>& out) {
  const TaskId task = in.slot;
  const int16_t cpu = in.cpu >= 0 && static_cast<size_t>(in.cpu) < cpu_of_.size()
                          ? cpu_of_[static_cast<size_t>(in.cpu)]
                          : static_cast<int16_t>(kNoCpu);
  if (cpu == kNoCpu) {
    ++repaired_;
    return;
  }
  if (states_[task] == State::kRunning) {
    ++repaired_;
    stop(task, StopReason::kPreempted, 0, out);
  }
  if (states_[task] != State::kQueued) {
    ++repaired_;
    wake(task, out);
  }
  const TaskId other = running_[static_cast<size_t>(cpu)];
  if (other != kNoTask) {  // what became of it was lost
    ++repaired_;
    stop(other, StopReason::kSleep, 0, out);
  }
  put(EventKind::kStart, task, out);
  out.back().cpu = cpu;
  out.back().flags = in.flags & kUndecided;
  on_cpu_[task] = cpu;
  running_[static_cast<size_t>(cpu)] = task;
  states_[task] = State::kRunning;
}

void Sequencer::stopped(const quanta_event& in, std::vector<Event>& out) {
  const TaskId task = in.slot;
  if (states_[task] != State::kRunning) {
    ++repaired_;
    start(in, out);
    if (states_[task] != State::kRunning) return;
  }
  const auto reason = static_cast<StopReason>(std::min<uint8_t>(in.reason, QUANTA_STOP_EXIT));
  stop(task, reason, in.ran, out);
}

void Sequencer::take(const quanta_event& in, std::vector<Event>& out) {
  if (in.slot >= states_.size()) return;
  now_ = std::max<Nanos>(now_, in.time);
  const TaskId task = in.slot;
  const auto kind = static_cast<EventKind>(in.kind);
  if (kind == EventKind::kExit || (kind == EventKind::kNew && states_[task] != State::kGone)) {
    if (states_[task] == State::kGone) return;
    if (kind == EventKind::kNew) ++repaired_;
    if (states_[task] == State::kRunning) stop(task, StopReason::kExit, in.ran, out);
    put(EventKind::kExit, task, out);
    states_[task] = State::kGone;
    if (kind == EventKind::kExit) return;
  }
  if (states_[task] == State::kGone) {
    if (kind != EventKind::kNew) ++repaired_;
    appear(task, out);
  }
  switch (kind) {
    case EventKind::kNew:
    case EventKind::kExit:
      break;
    case EventKind::kExec:
      put(EventKind::kExec, task, out);
      break;
    case EventKind::kWake:
    case EventKind::kEnqueue:
      runnable(in, out);
      break;
    case EventKind::kStart:
      start(in, out);
      break;
    case EventKind::kStop:
      stopped(in, out);
      break;
    default:
      ++repaired_;
  }
}

void Sequencer::forget(TaskId task, std::vector<Event>& out) {
  if (states_[task] == State::kGone) return;
  if (states_[task] == State::kRunning) stop(task, StopReason::kExit, 0, out);
  put(EventKind::kExit, task, out);
  states_[task] = State::kGone;
}

void Sequencer::recall(Nanos now, TaskId task, const quanta_task& in, std::vector<Event>& out) {
  now_ = std::max(now_, now);
  if (states_[task] != State::kGone) return;  // its kNew has come meanwhile
  appear(task, out);
  const int16_t cpu = in.reported_cpu;
  if (in.is_waiting == 0 && cpu == QUANTA_NO_CPU) return;
  put(EventKind::kWake, task, out);
  states_[task] = State::kQueued;
  if (cpu == QUANTA_NO_CPU) return;
  const quanta_event running{.time = now_,
                             .ran = 0,
                             .slot = task,
                             .other = kNoTask,
                             .generation = 0,
                             .cpu = cpu,
                             .kind = QUANTA_EVENT_START,
                             .flags = 0,
                             .reason = 0,
                             .pad = {}};
  start(running, out);
}

}  // namespace quanta
