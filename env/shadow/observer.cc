#include "env/shadow/observer.h"

#include <cstring>
#include <utility>

namespace quanta {
namespace {

constexpr int16_t kMostCpus = 4096;
static_assert(PidTable::kNone == QUANTA_NO_SLOT);

}  // namespace

Observer::Observer(uint32_t max_tasks, Watched watched, Report report)
    : watched_(std::move(watched)), report_(std::move(report)), tasks_(max_tasks) {
  free_.reserve(max_tasks);
  for (uint32_t slot = max_tasks; slot > 0; --slot) free_.push_back(slot - 1);
}

void Observer::take(const quanta_task_record& record) {
  if (record.head.cpu < 0 || record.head.cpu >= kMostCpus) return;
  switch (record.head.kind) {
    case QUANTA_RECORD_SWITCH:
      return on_switch(record.head);
    case QUANTA_RECORD_WAKE:
      return on_wake(record.head);
    case QUANTA_RECORD_FORK:
    case QUANTA_RECORD_ALIVE:
      return on_task(record);
    case QUANTA_RECORD_RENAME:
      return on_change(record, record.head.pid);
    case QUANTA_RECORD_EXEC:
      return on_change(record, record.head.other);
    default:
      return;
  }
}

Observer::Cpu& Observer::cpu(int16_t id) {
  const auto at = static_cast<size_t>(id);
  if (at >= cpus_.size()) cpus_.resize(at + 1);
  return cpus_[at];
}

void Observer::say(quanta_event_kind kind, uint32_t slot, Nanos now, uint32_t other) {
  if (!tasks_[slot].watched) return;
  quanta_event event{};
  event.time = now;
  event.slot = slot;
  event.other = other;
  event.cpu = tasks_[slot].cpu;
  event.kind = static_cast<uint8_t>(kind);
  report_(event);
}

void Observer::on_switch(const quanta_record& record) {
  Cpu& here = cpu(record.cpu);
  uint32_t from = find(record.pid);
  // A thread that runs another program takes its leader's pid some time before the exec event.
  if (from == QUANTA_NO_SLOT && record.pid != 0) from = here.running;
  const uint32_t to = find(record.other);
  if (from != QUANTA_NO_SLOT) leave(from, record, to);
  if (to != QUANTA_NO_SLOT) enter(to, record, here);
  here.running = to;
  here.since = record.time;
}

void Observer::leave(uint32_t slot, const quanta_record& record, uint32_t next) {
  Task& task = tasks_[slot];
  const bool dead = (record.flags & QUANTA_RECORD_DEAD) != 0;
  const bool sleeps = (record.flags & QUANTA_RECORD_BLOCKED) != 0;
  if (task.where == Where::kRunning && task.watched) {
    quanta_event event{};
    event.time = record.time;
    event.ran = record.time - task.since;
    event.slot = slot;
    event.other = QUANTA_NO_SLOT;
    event.cpu = record.cpu;
    event.kind = QUANTA_EVENT_STOP;
    // Who was woken while it ran has pushed it aside; else its time was up.
    const bool pushed = next != QUANTA_NO_SLOT && tasks_[next].woken &&
                        tasks_[next].where == Where::kWaiting && tasks_[next].since >= task.since;
    event.reason = dead     ? QUANTA_STOP_EXIT
                   : sleeps ? QUANTA_STOP_SLEEP
                   : pushed ? QUANTA_STOP_PREEMPTED
                            : QUANTA_STOP_SLICE_END;
    report_(event);
  }
  if (dead) return remove(slot, record.time);
  task.cpu = QUANTA_NO_CPU;
  task.where = Where::kAsleep;
  task.since = record.time;
  if (record.nice != task.known.head.nice) {
    task.known.head.nice = record.nice;
    say(QUANTA_EVENT_EXEC, slot, record.time);
  }
  if (!sleeps) make_runnable(slot, record.time, QUANTA_NO_SLOT, 0);
}

// A task that sleeps and runs without a wake-up was woken on its way, or had a signal.
void Observer::enter(uint32_t slot, const quanta_record& record, const Cpu& here) {
  Task& task = tasks_[slot];
  if (task.where == Where::kAsleep) {
    if (task.early && task.watched) waits_.wakeup.add(record.time - task.since);
    make_runnable(slot, record.time, QUANTA_NO_SLOT, QUANTA_EVENT_WAKEUP);
    task.woken = false;
  }
  if (task.woken && task.watched) {
    const Nanos waited = record.time - task.since;
    waits_.wakeup.add(waited);
    const bool idle = here.running == QUANTA_NO_SLOT && record.pid == 0;
    const bool pushed = !idle && (record.flags & QUANTA_RECORD_BLOCKED) == 0 && waited <= kPrompt;
    if (idle && here.since <= task.since) waits_.idle.add(waited);
    if (pushed && here.since <= task.since) waits_.pushed.add(waited);
  }
  task.where = Where::kRunning;
  task.woken = task.early = false;
  task.since = record.time;
  task.cpu = record.cpu;
  say(QUANTA_EVENT_START, slot, record.time);
}

void Observer::make_runnable(uint32_t slot, Nanos now, uint32_t waker, uint8_t flags) {
  Task& task = tasks_[slot];
  task.where = Where::kWaiting;
  task.since = now;
  task.woken = (flags & QUANTA_EVENT_WAKEUP) != 0;
  task.early = false;
  ++task.generation;
  if (!task.watched) return;
  quanta_event event{};
  event.time = now;
  event.slot = slot;
  event.other = waker != QUANTA_NO_SLOT && tasks_[waker].watched ? waker : QUANTA_NO_SLOT;
  event.generation = task.generation;
  event.cpu = QUANTA_NO_CPU;
  event.kind = QUANTA_EVENT_ENQUEUE;
  event.flags = flags;
  report_(event);
}

// Woken while it runs or waits, a task goes on as it was. That it was about to sleep shows only
// later; then it runs again without a wake-up.
void Observer::on_wake(const quanta_record& record) {
  const uint32_t slot = find(record.other);
  if (slot == QUANTA_NO_SLOT) return;
  if (tasks_[slot].where == Where::kRunning) tasks_[slot].early = true;
  if (tasks_[slot].where != Where::kAsleep) return;
  const bool by_task = (record.flags & QUANTA_RECORD_INTERRUPT) == 0;
  const bool sync = (record.flags & QUANTA_RECORD_SYNC) != 0;
  make_runnable(slot, record.time, by_task ? find(record.pid) : QUANTA_NO_SLOT,
                static_cast<uint8_t>(QUANTA_EVENT_WAKEUP | (sync ? QUANTA_EVENT_SYNC : 0)));
}

void Observer::on_task(const quanta_task_record& record) {
  const Nanos now = record.head.time;
  const bool forked = record.head.kind == QUANTA_RECORD_FORK;
  if (const uint32_t old = find(record.head.pid); old != QUANTA_NO_SLOT) {
    if (!forked) return;
    remove(old, now);
  }
  if (free_.empty()) {
    ++refused_;
    return;
  }
  const uint32_t slot = free_.back();
  free_.pop_back();
  by_pid_.set(record.head.pid, slot);
  Task& task = tasks_[slot];
  const uint32_t generation = task.generation;
  task = Task{};
  task.generation = generation;
  task.known = record;
  task.where = Where::kAsleep;
  task.watched = watched_(record);
  say(QUANTA_EVENT_NEW, slot, now);
  if (forked) make_runnable(slot, now, find(record.head.other), QUANTA_EVENT_WAKEUP);
}

void Observer::on_change(const quanta_task_record& record, uint32_t old_pid) {
  const uint32_t slot = find(old_pid);
  if (slot == QUANTA_NO_SLOT) return;
  Task& task = tasks_[slot];
  if (old_pid != record.head.pid) {
    if (const uint32_t there = find(record.head.pid); there != QUANTA_NO_SLOT) {
      remove(there, record.head.time);
    }
    by_pid_.erase(old_pid);
    by_pid_.set(record.head.pid, slot);
  }
  task.known = record;
  look_again(slot, record.head.time);
}

// After a change the filter may think otherwise.
void Observer::look_again(uint32_t slot, Nanos now) {
  Task& task = tasks_[slot];
  const bool watched = watched_(task.known);
  if (watched && task.watched) return say(QUANTA_EVENT_EXEC, slot, now);
  if (!watched) {
    say(QUANTA_EVENT_EXIT, slot, now);
    task.watched = false;
    return;
  }
  task.watched = true;
  say(QUANTA_EVENT_NEW, slot, now);
  const Where where = task.where;
  const Nanos since = task.since;
  if (where == Where::kWaiting || where == Where::kRunning) {
    make_runnable(slot, now, QUANTA_NO_SLOT, 0);
    task.since = since;
    task.where = where;
  }
  if (where == Where::kRunning) say(QUANTA_EVENT_START, slot, now);
}

void Observer::remove(uint32_t slot, Nanos now) {
  Task& task = tasks_[slot];
  say(QUANTA_EVENT_EXIT, slot, now);
  if (task.cpu != QUANTA_NO_CPU && cpu(task.cpu).running == slot) {
    cpu(task.cpu).running = QUANTA_NO_SLOT;
  }
  by_pid_.erase(task.known.head.pid);
  task.where = Where::kGone;
  task.watched = false;
  free_.push_back(slot);
}

void Observer::each_task(const std::function<void(const quanta_task_record&)>& take) const {
  for (const bool leaders : {true, false}) {
    for (const Task& task : tasks_) {
      const bool leads = task.known.head.pid == task.known.process;
      if (task.where != Where::kGone && leads == leaders) take(task.known);
    }
  }
}

}  // namespace quanta
