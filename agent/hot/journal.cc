#include "agent/hot/journal.h"

#include <cmath>

namespace quanta {

namespace {
constexpr Nanos kLongBurst = 64 * kMillisecond;  // beyond it the exact length does not matter
}

Journal::Journal(const Tracker& tracker, RecordQueue& queue, uint32_t max_tasks, uint64_t seed)
    : tracker_(tracker),
      queue_(queue),
      open_(max_tasks),
      held_(max_tasks),
      preempted_by_(max_tasks, kNoTask),
      samples_(max_tasks),
      put_off_(max_tasks),
      rng_(seed, 0x6a6f75726e616cULL) {}

void Journal::push(const Record& record) {
  ++records_;
  if (!queue_.push(record)) ++dropped_;
}

void Journal::decided(TaskId task, const Act& act, const Decision& decision, TaskId victim) {
  const TaskView& t = tracker_.task(task);
  Open& open = open_[task];
  Record& r = open.record;
  r = Record{};
  r.act = act;
  r.kind = RecordKind::kDecision;
  r.decided = tracker_.now();
  r.w = t.w;
  r.reward_class = t.reward_class;
  r.woken = t.woken;
  r.others = static_cast<float>((tracker_.weighted_waiters() - t.w) / tracker_.cpus());
  r.preempted = decision.preempt_cpu != kNoCpu;
  open.victim = r.preempted ? victim : kNoTask;
  open.stage = Stage::kWaiting;
  open.since = tracker_.now();

  Sample& sample = samples_[task];
  if (++sample.seen == 1 || rng_.below(sample.seen) == 0) {  // reservoir of one
    sample.act = act;
    sample.exec = tracker_.exec(t);
  }
}

void Journal::update(const Event& event) {
  switch (event.kind) {
    case EventKind::kNew:
      open_[event.task].stage = Stage::kNone;
      held_[event.task].used = false;
      preempted_by_[event.task] = kNoTask;
      samples_[event.task].seen = 0;
      break;
    case EventKind::kWake:
    case EventKind::kEnqueue:
      if ((event.flags & kWakeup) != 0) samples_[event.task].seen = 0;
      break;
    case EventKind::kStart: start(event); break;
    case EventKind::kStop: stop(event); break;
    case EventKind::kExec:
    case EventKind::kExit: break;
  }
}

void Journal::start(const Event& event) {
  const Nanos now = event.time;
  // A victim that runs again completes what preempted it.
  if (held_[event.task].used) {
    Held& held = held_[event.task];
    held.record.victim_wait = now - put_off_[event.task];
    push(held.record);
    held.used = false;
  } else if (preempted_by_[event.task] != kNoTask) {
    Open& by = open_[preempted_by_[event.task]];
    if (by.stage == Stage::kRunning && by.victim == event.task) {
      by.record.victim_wait = now - put_off_[event.task];
      by.victim = kNoTask;
    }
  }
  preempted_by_[event.task] = kNoTask;

  Open& open = open_[event.task];
  if (open.stage != Stage::kWaiting) {
    open.stage = Stage::kNone;
    return;
  }
  open.stage = Stage::kRunning;
  open.record.wait = now - open.since;
  const Nanos due = tracker_.task(event.task).due;
  open.record.overdue = now > due ? now - due : 0;
  open.since = now;
  open.integral = tracker_.waiting_integral();
  if (open.victim != kNoTask) {
    const TaskView& v = tracker_.task(open.victim);
    if (v.activity != Activity::kWaiting || v.cpu != event.cpu) {
      open.victim = kNoTask;  // it had stopped of its own accord
      open.record.preempted = false;
    } else {
      open.record.victim_w = v.w;
      put_off_[open.victim] = now;
      preempted_by_[open.victim] = event.task;
    }
  }
}

void Journal::stop(const Event& event) {
  const TaskView& t = tracker_.task(event.task);
  const bool slept = event.reason == StopReason::kSleep || event.reason == StopReason::kExit;
  if (slept || t.exec > kLongBurst + samples_[event.task].exec) end_activation(event.task, t, !slept);

  Open& open = open_[event.task];
  if (open.stage != Stage::kRunning) return;
  open.stage = Stage::kNone;
  Record& r = open.record;
  r.run = event.time - open.since;
  r.caused = static_cast<float>((tracker_.waiting_integral() - open.integral) / tracker_.cpus());
  r.slept = slept;
  r.w_run = t.w_run;
  r.response = slept ? event.time - t.woke_at : 0;
  if (open.victim == kNoTask) {
    push(r);
    return;
  }
  held_[open.victim].record = r;
  held_[open.victim].used = true;
  preempted_by_[open.victim] = kNoTask;
}

void Journal::end_activation(TaskId task, const TaskView& view, bool censored) {
  Sample& sample = samples_[task];
  if (sample.seen == 0) return;
  Record r{};
  r.act = sample.act;
  r.kind = RecordKind::kBurst;
  r.burst = view.exec > sample.exec ? view.exec - sample.exec : 1;
  r.censored = censored;
  sample.seen = 0;
  push(r);
}

}  // namespace quanta
