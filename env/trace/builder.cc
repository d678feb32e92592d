#include "env/trace/builder.h"

#include <algorithm>
#include <cstring>

#include "env/trace/format.h"
#include "env/trace/varint.h"

namespace quanta {
namespace {

using namespace trace_format;

std::string name_of(const char* comm) {
  const std::string name(comm, strnlen(comm, kMaxNameLength));
  return name.empty() ? "?" : name;
}

}  // namespace

TraceBuilder::TraceBuilder(const BuilderOptions& options) : options_(options) {}

void TraceBuilder::add(const quanta_task_record& record) {
  if (record.head.cpu < 0 || static_cast<uint32_t>(record.head.cpu) >= kMaxCpus) return;
  last_ = std::max<Nanos>(last_, record.head.time);
  ++events_;
  quanta_record head = record.head;
  head.time = std::max<Nanos>(last_, options_.start) - options_.start;
  if (head.kind == QUANTA_RECORD_SWITCH) return on_switch(head);
  if (head.kind == QUANTA_RECORD_WAKE) return on_wake(head);
  quanta_task_record r = record;
  r.head = head;
  switch (head.kind) {
    case QUANTA_RECORD_FORK:
      return on_fork(r);
    case QUANTA_RECORD_RENAME:
      return on_rename(r);
    case QUANTA_RECORD_EXEC:
      return on_exec(r);
    case QUANTA_RECORD_ALIVE:
      return on_alive(r);
    default:
      return;
  }
}

bool TraceBuilder::full() const {
  return states_.size() >= kMaxTasks || steps_ >= kMaxOps || names_ >= kMaxNames ||
         bytes_ >= kMaxContent / 2 || last_ >= options_.start + kMaxDuration;
}

void TraceBuilder::on_switch(const quanta_record& record) {
  Index& here = running(record.cpu);
  Index task = find(record.pid);
  // A thread that runs another program takes its leader's pid some time before the exec event.
  if (task == kNone && record.pid != 0) task = here;
  if (here != kNone && here != task) states_[here].where = Where::kRunnable;
  here = kNone;
  if (task != kNone) leave(record, task);
  if (const Index next = find(record.other); next != kNone)
    enter(next, static_cast<size_t>(record.cpu), record.time);
}

void TraceBuilder::leave(const quanta_record& record, Index task) {
  State& state = states_[task];
  if (state.where == Where::kUnknown) state.where = Where::kRunning;
  if (state.where == Where::kRunnable || state.where == Where::kBlocked) ++unseen_;
  book(state, record.time);
  state.task.nice = std::clamp<int32_t>(record.nice, -20, 19);
  if ((record.flags & QUANTA_RECORD_DEAD) != 0) {
    step(state, TraceOpKind::kExit);
    state.where = Where::kDead;
    live_.erase(state.pid);
  } else if ((record.flags & QUANTA_RECORD_BLOCKED) != 0) {
    if (options_.infer_sync) mark_sync(state);
    state.where = Where::kBlocked;
    state.since = record.time;
  } else {
    state.where = Where::kRunnable;
  }
}

// A blocked task that runs without a wake-up did not sleep: it was woken on its way, or had a
// signal.
void TraceBuilder::enter(Index task, size_t cpu, Nanos now) {
  State& state = states_[task];
  state.where = Where::kRunning;
  state.since = now;
  running_[cpu] = task;
}

void TraceBuilder::on_wake(const quanta_record& record) {
  const Index target = find(record.other);
  if (target == kNone || !states_[target].included || record.pid == record.other) return;
  Index waker = kNone;
  if ((record.flags & QUANTA_RECORD_INTERRUPT) == 0) waker = actor(record.pid);
  const bool by_task = waker != kNone && states_[waker].included;
  if (by_task) {
    book(states_[waker], record.time);
    const bool sync = (record.flags & QUANTA_RECORD_SYNC) != 0;
    step(states_[waker], sync ? TraceOpKind::kPostSync : TraceOpKind::kPost, target);
  }
  wake_blocked(states_[target], by_task, record.time);
}

void TraceBuilder::wake_blocked(State& state, bool by_task, Nanos now) {
  if (state.where == Where::kUnknown || state.where == Where::kBlocked) {
    if (by_task)
      step(state, TraceOpKind::kWait);
    else
      step(state, TraceOpKind::kSleep, now - state.since);
    state.where = Where::kRunnable;
  } else if (by_task) {
    // Woken while about to sleep: the post comes before the wait, which then does not block.
    book(state, now);
    step(state, TraceOpKind::kWait);
  }
}

void TraceBuilder::on_alive(const quanta_task_record& record) {
  if (find(record.head.pid) != kNone) return;
  State& state = states_[create(record, 0)];
  const auto parent = processes_.find(record.head.other);
  if (options_.tree != 0 && parent != processes_.end() && states_[parent->second].included)
    state.included = true;
}

void TraceBuilder::on_fork(const quanta_task_record& record) {
  const Nanos now = record.head.time;
  const Index parent = actor(record.head.other);
  const Index child = create(record, now);
  State& state = states_[child];
  state.where = Where::kRunnable;
  if (parent == kNone || !states_[parent].included) return;
  state.included = true;
  state.task.forked = true;
  book(states_[parent], now);
  step(states_[parent], TraceOpKind::kFork, child);
}

void TraceBuilder::on_rename(const quanta_task_record& record) {
  const bool itself = record.head.pid == record.head.other;
  const Index task = itself ? actor(record.head.pid) : find(record.head.pid);
  if (task != kNone) rename(states_[task], record.comm, record.head.time);
}

void TraceBuilder::on_exec(const quanta_task_record& record) {
  const Index task = actor(record.head.other);
  if (task == kNone) return;
  State& state = states_[task];
  live_.erase(state.pid);
  live_.set(record.head.pid, task);
  state.pid = record.head.pid;
  state.task.uid = record.uid;
  state.task.cgroup = record.cgroup;
  if (state.where != Where::kRunning) {
    running(record.head.cpu) = task;
    enter(task, static_cast<size_t>(record.head.cpu), record.head.time);
  }
  rename(state, record.comm, record.head.time);
}

void TraceBuilder::rename(State& state, const char* comm, Nanos now) {
  std::string name = name_of(comm);
  if (name == state.task.names.back()) return;
  book(state, now);
  step(state, TraceOpKind::kExec);
  state.task.names.push_back(std::move(name));
  ++names_;
}

void TraceBuilder::mark_sync(State& state) {
  auto last = state.task.ops.rbegin();
  if (last != state.task.ops.rend() && last->kind == TraceOpKind::kRun &&
      last->value <= kSyncWindow)
    ++last;
  if (last != state.task.ops.rend() && last->kind == TraceOpKind::kPost)
    last->kind = TraceOpKind::kPostSync;
}

TraceBuilder::Index TraceBuilder::create(const quanta_task_record& record, Nanos now) {
  const auto index = static_cast<Index>(states_.size());
  State& state = states_.emplace_back();
  state.pid = record.head.pid;
  state.since = now;
  state.included = options_.tree == 0 || record.process == options_.tree;
  if (options_.exclude != 0 && record.process == options_.exclude) state.included = false;
  TraceTask& task = state.task;
  task.names.push_back(name_of(record.comm));
  task.nice = std::clamp<int32_t>(record.head.nice, -20, 19);
  task.uid = record.uid;
  task.cgroup = record.cgroup;
  task.kernel_thread = (record.head.flags & QUANTA_RECORD_KERNEL_THREAD) != 0;
  task.start = now;
  if (record.head.pid == record.process)
    processes_[record.process] = index;
  else
    processes_.try_emplace(record.process, index);
  task.process = processes_[record.process];
  live_.set(record.head.pid, index);
  ++names_;
  return index;
}

TraceBuilder::Index TraceBuilder::actor(uint32_t pid) {
  const Index task = find(pid);
  if (task != kNone && states_[task].where == Where::kUnknown)
    states_[task].where = Where::kRunning;
  return task;
}

void TraceBuilder::book(State& state, Nanos now) {
  if (state.where != Where::kRunning || now <= state.since) return;
  const Nanos ran = now - state.since;
  state.since = now;
  if (!state.task.ops.empty() && state.task.ops.back().kind == TraceOpKind::kRun)
    state.task.ops.back().value += ran;
  else
    step(state, TraceOpKind::kRun, ran);
}

void TraceBuilder::step(State& state, TraceOpKind kind, uint64_t value) {
  std::vector<TraceOp>& ops = state.task.ops;
  if (!state.included || (!ops.empty() && ops.back().kind == TraceOpKind::kExit)) return;
  ops.push_back({kind, value});
  ++steps_;
  bytes_ += varint_size(value << kKindBits);
}

TraceBuilder::Index& TraceBuilder::running(int16_t cpu) {
  const auto at = static_cast<size_t>(cpu);
  if (at >= running_.size()) running_.resize(at + 1, kNone);
  return running_[at];
}

// Tasks that did something or were forked, and their leaders.
std::vector<bool> TraceBuilder::choose() const {
  std::vector<bool> chosen(states_.size(), false);
  for (size_t i = 0; i < states_.size(); ++i) {
    const State& state = states_[i];
    if (!state.included || (state.task.ops.empty() && !state.task.forked)) continue;
    chosen[i] = true;
    if (states_[state.task.process].included) chosen[state.task.process] = true;
  }
  return chosen;
}

Trace TraceBuilder::finish(Nanos end, uint64_t lost_events) {
  Trace trace;
  trace.duration = std::max({end, last_, options_.start}) - options_.start;
  trace.cpus = std::max<uint32_t>(options_.cpus, static_cast<uint32_t>(running_.size()));
  trace.lost_events = lost_events;
  for (State& state : states_) book(state, trace.duration);

  const std::vector<bool> chosen = choose();
  std::vector<Index> number(states_.size(), kNone);
  Index next = 0;
  for (size_t i = 0; i < states_.size(); ++i)
    if (chosen[i]) number[i] = next++;
  for (size_t i = 0; i < states_.size(); ++i) {
    if (!chosen[i]) continue;
    TraceTask& task = trace.tasks.emplace_back(std::move(states_[i].task));
    task.process = number[task.process] != kNone ? number[task.process] : number[i];
    for (TraceOp& op : task.ops)
      if (op.kind == TraceOpKind::kPost || op.kind == TraceOpKind::kPostSync ||
          op.kind == TraceOpKind::kFork)
        op.value = number[op.value];
  }
  return trace;
}

}  // namespace quanta
