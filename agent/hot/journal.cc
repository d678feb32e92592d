#include "agent/hot/journal.h"

#include <cmath>
#include <cstring>

namespace quanta {

namespace {
constexpr Nanos kLongBurst = 64 * kMillisecond;  // beyond it the exact length does not matter

float until(Nanos then, Nanos now) {
  return static_cast<float>(static_cast<int64_t>(then - now));
}
}  // namespace

Journal::Journal(const Tracker& tracker, RecordQueue& queue, uint32_t max_tasks, uint64_t seed)
    : tracker_(tracker),
      queue_(queue),
      open_(max_tasks),
      displaced_(max_tasks),
      samples_(max_tasks),
      rng_(seed, 0x6a6f75726e616cULL) {}

void Journal::push(const Record& record) {
  ++records_;
  if (!queue_.push(record)) ++dropped_;
}

void Journal::decided(TaskId task, const Act& act, const Grounds& grounds, const Decision& decision,
                      TaskId victim) {
  sample(task, act);
  open(task, act, grounds, decision, victim);
}

// Each decision of an activation is kept with the same chance: a reservoir of one.
void Journal::sample(TaskId task, const Act& act) {
  Sample& sample = samples_[task];
  ++sample.seen;
  if (sample.seen > 1 && rng_.below(sample.seen) != 0) return;
  sample.act = act;
  sample.exec = tracker_.exec(tracker_.task(task));
}

void Journal::open(TaskId task, const Act& act, const Grounds& grounds, const Decision& decision,
                   TaskId victim) {
  const TaskView& t = tracker_.task(task);
  Open& run = open_[task];
  Record& r = run.record;
  std::memset(static_cast<void*>(&r), 0, sizeof r);  // faster than to assign Record{}
  r.act = act;
  r.kind = RecordKind::kDecision;
  r.decided = tracker_.now();
  r.w = t.w;
  r.reward_class = t.reward_class;
  r.woken = t.woken;
  r.others = static_cast<float>((tracker_.weighted_waiters() - t.w) / tracker_.cpus());
  r.peer_index = t.woken ? t.peer_index : 0;
  r.preempted = decision.preempt_cpu != kNoCpu;
  r.key = until(decision.key, tracker_.now());
  r.guard = until(decision.guard, tracker_.now());
  r.slice = decision.slice;
  r.pid = t.pid;
  r.task = task;
  r.grounds = grounds;
  run.victim = r.preempted ? victim : kNoTask;
  run.stage = Stage::kWaiting;
  run.since = tracker_.now();
}

void Journal::update(const Event& event) {
  switch (event.kind) {
    case EventKind::kNew:
      open_[event.task].stage = Stage::kNone;
      samples_[event.task].seen = 0;
      break;
    case EventKind::kWake:
    case EventKind::kEnqueue:
      if ((event.flags & kWakeup) != 0) samples_[event.task].seen = 0;
      break;
    case EventKind::kStart:
      start(event);
      break;
    case EventKind::kStop:
      stop(event);
      break;
    case EventKind::kExit:
      forget(event.task);
      break;
    case EventKind::kExec:
      break;
  }
}

// A displaced task that is gone without having run again has nothing to tell.
void Journal::forget(TaskId victim) {
  Displaced& d = displaced_[victim];
  if (d.held) push(d.record);
  if (d.by != kNoTask) open_[d.by].victim = kNoTask;
  d.held = false;
  d.by = kNoTask;
}

// A displaced task runs again: how long it waited goes into the record of what displaced it.
void Journal::tell_wait(TaskId victim, Nanos now) {
  Displaced& d = displaced_[victim];
  d.running = true;
  if (d.held) {
    d.record.victim_wait = now - d.since;
  } else if (d.by != kNoTask) {
    open_[d.by].record.victim_wait = now - d.since;
  }
}

// And stops: so does what the switch cost it.
void Journal::tell_loss(TaskId victim, Nanos loss) {
  Displaced& d = displaced_[victim];
  if (!d.running) return;
  d.running = false;
  if (d.held) {
    d.record.victim_loss = loss;
    d.record.displaced = true;
    push(d.record);
    d.held = false;
  } else if (d.by != kNoTask) {
    Open& by = open_[d.by];
    by.record.victim_loss = loss;
    by.record.displaced = true;
    by.victim = kNoTask;
    d.by = kNoTask;
  }
}

void Journal::start(const Event& event) {
  const Nanos now = event.time;
  tell_wait(event.task, now);

  Open& open = open_[event.task];
  if (open.stage != Stage::kWaiting || (event.flags & kUndecided) != 0) {
    open.stage = Stage::kNone;
    return;
  }
  open.stage = Stage::kRunning;
  open.record.wait = now - open.since;
  const Nanos due = tracker_.task(event.task).due;
  open.record.overdue = now > due ? now - due : 0;
  open.since = now;
  open.integral = tracker_.waiting_integral();
  open.woken = tracker_.woken_integral();
  if (open.victim == kNoTask) return;
  const TaskView& v = tracker_.task(open.victim);
  Displaced& d = displaced_[open.victim];
  if (v.activity != Activity::kWaiting || v.cpu != event.cpu || d.held) {
    open.victim = kNoTask;  // it had stopped of its own accord
    open.record.preempted = false;
    return;
  }
  open.record.victim_w = v.w;
  d.since = now;
  d.by = event.task;
  d.running = false;
}

void Journal::stop(const Event& event) {
  const TaskView& t = tracker_.task(event.task);
  const bool slept = event.reason == StopReason::kSleep || event.reason == StopReason::kExit;
  tell_loss(event.task, event.ran - event.work);
  if (slept || t.exec > kLongBurst + samples_[event.task].exec)
    end_activation(event.task, t, !slept);

  Open& open = open_[event.task];
  if (open.stage != Stage::kRunning) return;
  open.stage = Stage::kNone;
  Record& r = open.record;
  r.run = event.ran;
  r.work = event.work;
  r.caused = static_cast<float>((tracker_.waiting_integral() - open.integral) / tracker_.cpus());
  r.caused_woken = static_cast<float>((tracker_.woken_integral() - open.woken) / tracker_.cpus());
  r.slept = slept;
  r.response = slept ? event.time - t.woke_at : 0;
  r.activation = slept ? static_cast<float>(t.exec) : 0;
  r.importance = static_cast<float>(t.load_weight) / static_cast<float>(kNiceZeroWeight);
  TaskId victim = open.victim;
  if (victim == kNoTask && !r.displaced && event.reason == StopReason::kSliceEnd) {
    victim = event.task;
    r.victim_w = t.w;
    displaced_[victim].since = event.time;
    displaced_[victim].running = false;
  }
  if (victim == kNoTask) {
    push(r);
    return;
  }
  Displaced& d = displaced_[victim];
  d.by = kNoTask;
  d.record = r;
  d.held = true;
}

void Journal::end_activation(TaskId task, const TaskView& view, bool censored) {
  Sample& sample = samples_[task];
  if (sample.seen == 0) return;
  Record r{};
  r.act = sample.act;
  r.kind = RecordKind::kBurst;
  r.importance = static_cast<float>(view.load_weight) / static_cast<float>(kNiceZeroWeight);
  r.burst = view.exec > sample.exec ? view.exec - sample.exec : 1;
  r.censored = censored;
  r.decided = tracker_.now();
  r.pid = view.pid;
  r.task = task;
  sample.seen = 0;
  push(r);
}

}  // namespace quanta
