#include "agent/policy/baselines.h"

#include <algorithm>

namespace quanta {

namespace {

Decision plain(const Event& event, uint64_t key, Nanos slice) {
  return Decision{.task = event.task,
                  .generation = event.generation,
                  .key = key,
                  .guard = kNoGuard,
                  .slice = static_cast<uint32_t>(slice),
                  .preempt_cpu = kNoCpu,
                  .pad = 0};
}

}  // namespace

Decision FifoPolicy::decide(const Event& event, Tracker& tracker) {
  tracker.task(event.task).slice = 2 * kMillisecond;
  return plain(event, next_++, 2 * kMillisecond);
}

uint64_t Vruntime::of(TaskId id, const Tracker& tracker) {
  const TaskView& t = tracker.task(id);
  Entry& e = entries_[id];
  if (e.born != t.born || e.charged > t.cpu_time)
    e = Entry{.born = t.born, .charged = 0, .vruntime = 0};
  e.vruntime += (t.cpu_time - e.charged) * kNiceZeroWeight / std::max(1U, t.load_weight);
  e.charged = t.cpu_time;
  if (latest_ > lag_) e.vruntime = std::max(e.vruntime, latest_ - lag_);
  latest_ = std::max(latest_, e.vruntime);
  return e.vruntime;
}

DeadlinePolicy::DeadlinePolicy(uint32_t max_tasks) : vruntime_(max_tasks, 20 * kMillisecond) {}

Decision DeadlinePolicy::decide(const Event& event, Tracker& tracker) {
  constexpr Nanos kSlice = 20 * kMillisecond;
  constexpr Nanos kSliceMin = kMillisecond;
  TaskView& t = tracker.task(event.task);
  const uint64_t deadline =
      vruntime_.of(event.task, tracker) + std::min<Nanos>(t.exec, 100 * kMillisecond);
  t.slice = std::max(kSlice / (tracker.waiting() + 1), kSliceMin);
  return plain(event, deadline, t.slice);
}

HeuristicPolicy::HeuristicPolicy(uint32_t max_tasks)
    : vruntime_(max_tasks, 20 * kMillisecond), deadlines_(max_tasks) {}

Decision HeuristicPolicy::decide(const Event& event, Tracker& tracker) {
  constexpr Nanos kMargin = 100 * kMicrosecond;
  TaskView& t = tracker.task(event.task);
  const uint64_t deadline =
      vruntime_.of(event.task, tracker) + std::min<Nanos>(t.exec, 100 * kMillisecond);
  deadlines_[event.task] = deadline;
  t.slice = kMillisecond;
  Decision d = plain(event, deadline, t.slice);
  uint64_t latest = deadline + kMargin;
  if (!t.woken) return d;
  for (CpuId c = 0; c < tracker.cpus(); ++c) {
    const TaskId running = tracker.cpu(c).task;
    if (running == kNoTask || tracker.task(running).name_hash == t.name_hash) continue;
    const uint64_t theirs = deadlines_[running] + tracker.ran(running);
    if (theirs > latest) {
      latest = theirs;
      d.preempt_cpu = static_cast<int16_t>(c);
    }
  }
  return d;
}

Decision ClairvoyantPolicy::decide(const Event& event, Tracker& tracker) {
  const Situation s = assess(tracker, event.task, &oracle_);
  return quanta::decide(tracker, s, Residual{}, event.generation, config_);
}

}  // namespace quanta
