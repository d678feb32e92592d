#include "agent/features/tracker.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "agent/features/exp2.h"
#include "env/base/hash.h"

namespace quanta {

namespace {

constexpr double kUseTau = 0.5 * kSecond;
constexpr float kManyOctaves = 200;                 // by so many a float fades to nothing
constexpr Nanos kFloorQuantum = 2 * kMillisecond;   // granularity of the promised share
constexpr Nanos kFloorWindow = 200 * kMillisecond;  // over which the share is kept
constexpr Nanos kDirectSlice = 2 * kMillisecond;    // of tasks that found an idle CPU

// Durations are far below 2^63, and signed conversions cost one instruction.
double real(Nanos t) {
  return static_cast<double>(static_cast<int64_t>(t));
}

Nanos ewma(Nanos old, Nanos sample) {
  return old - old / 4 + sample / 4;
}

uint32_t process_hash(uint32_t id) {
  return id * 0x9e3779b1U;
}

uint16_t ewma_share(uint16_t old, bool hit) {
  return static_cast<uint16_t>(old - old / 8 + (hit ? 8191 : 0));
}

// `t` was woken up by its peer `waker`.
void follow(const TaskView& waker, TaskView& t) {
  t.peer_index = static_cast<float>(index_of(real(std::max(waker.burst, waker.exec)), waker.w));
  t.peer_importance = waker.importance;
}

}  // namespace

uint32_t name_hash(const char* comm) {
  std::string_view name(comm);
  while (!name.empty()) {
    const char c = name.back();
    if ((c < '0' || c > '9') && c != '/' && c != '-' && c != ':' && c != '_' && c != '#') break;
    name.remove_suffix(1);
  }
  const uint64_t h = fnv1a64(name);
  return static_cast<uint32_t>(h ^ (h >> 32));
}

Tracker::Tracker(const Env& env, const Weighing& weighing)
    : env_(env),
      weighing_(weighing),
      granularity_(env.granularity()),
      namesakes_are_peers_(env.namesakes_are_peers()) {
  const uint32_t n = env.max_tasks();
  tasks_.resize(n);
  cpu_views_.resize(static_cast<size_t>(env.cpus()));
  processes_.resize(n);
  process_index_.resize(std::bit_ceil(2 * n));
  free_processes_.reserve(n);
  for (uint32_t i = n; i > 0; --i) free_processes_.push_back(i - 1);
}

void Tracker::update(const Event& event) {
  integral_ += weighted_waiters_ * real(event.time - now_);
  woken_integral_ += woken_waiters_ * real(event.time - now_);
  now_ = event.time;
  switch (event.kind) {
    case EventKind::kNew:
      on_new(event);
      break;
    case EventKind::kExec:
      on_name(event.task);
      break;
    case EventKind::kExit:
      on_exit(event.task);
      break;
    case EventKind::kWake:
    case EventKind::kEnqueue:
      on_runnable(event);
      break;
    case EventKind::kStart:
      on_start(event);
      break;
    case EventKind::kStop:
      on_stop(event);
      break;
  }
}

void Tracker::on_new(const Event& event) {
  TaskView& t = tasks_[event.task];
  const TaskInfo& info = env_.task(event.task);
  t = TaskView{};
  t.born = t.slept_at = t.floor = now_;
  t.process = join_process(info.process);
  t.load_weight = info.weight;
  t.kernel_thread = info.kernel_thread;
  t.activity = Activity::kAsleep;
  ++alive_;
  on_name(event.task);
  const TaskFacts* past = env_.facts(event.task);
  if (past == nullptr) return;
  t.slept_at = past->slept_at;
  t.exec = past->exec;
  t.burst = past->burst;
  t.last_burst = past->last_burst;
  t.sleep = past->sleep;
  t.last_sleep = past->last_sleep;
  t.wait = past->wait;
  t.floor = past->floor;
  t.sync_share = past->sync_share;
  t.involuntary_share = past->involuntary_share;
}

void Tracker::on_name(TaskId id) {
  const TaskInfo& info = env_.task(id);
  TaskView& t = tasks_[id];
  t.name_hash = name_hash(info.comm);
  t.pid = info.pid;
  t.reward_class = weighing_.classify(info);
  const bool runnable = t.activity == Activity::kWaiting || t.activity == Activity::kRunning;
  if (runnable) runnable_load_ += uint64_t{info.weight} - t.load_weight;
  t.load_weight = info.weight;
  if (t.cpu >= 0 && cpu(t.cpu).task == id) cpu(t.cpu).name_hash = t.name_hash;
}

void Tracker::on_exit(TaskId id) {
  TaskView& t = tasks_[id];
  if (t.activity == Activity::kGone) return;
  if (t.activity == Activity::kWaiting) stop_waiting(t);
  if (t.activity != Activity::kAsleep) set_runnable(t, false);
  leave_process(t.process);
  t.activity = Activity::kGone;
  --alive_;
}

void Tracker::on_runnable(const Event& event) {
  TaskView& t = tasks_[event.task];
  const bool wakeup = (event.flags & kWakeup) != 0;
  if (t.activity == Activity::kWaiting) stop_waiting(t);  // enqueued anew: what came before is void
  if (wakeup) {
    t.last_sleep = now_ - t.slept_at;
    t.sleep = ewma(t.sleep, t.last_sleep);
    t.sync_share = ewma_share(t.sync_share, (event.flags & kSync) != 0);
    t.waker = event.other;
    t.waker_process = event.other != kNoTask ? tasks_[event.other].process : UINT32_MAX;
    t.peer_index = 0;
    if (event.other != kNoTask && are_peers(tasks_[event.other], t)) follow(tasks_[event.other], t);
    t.exec = 0;
    t.woke_at = now_;
    t.floor = std::max(t.floor, now_);
    if (event.kind == EventKind::kWake) t.slice = kDirectSlice;
  }
  // Without a wake-up, too: a task that was runnable before the agent came.
  if (t.activity == Activity::kAsleep) set_runnable(t, true);
  t.woken = wakeup;
  t.waiting_since = now_;
  t.importance = importance_of(t);
  t.w = weighing_.weight(t, fair_use(), use(t));
  t.due = guard(t);
  t.activity = Activity::kWaiting;
  ++waiting_;
  weighted_waiters_ += t.w;
  woken_waiters_ += t.woken ? t.w : 0;
}

void Tracker::stop_waiting(TaskView& t) {
  --waiting_;
  weighted_waiters_ = waiting_ == 0 ? 0 : weighted_waiters_ - t.w;
  woken_waiters_ = waiting_ == 0 ? 0 : woken_waiters_ - (t.woken ? t.w : 0);
}

void Tracker::on_start(const Event& event) {
  TaskView& t = tasks_[event.task];
  if (t.activity == Activity::kWaiting) stop_waiting(t);
  t.wait = ewma(t.wait, now_ - t.waiting_since);
  t.activity = Activity::kRunning;
  t.started = now_;
  t.cpu = event.cpu;
  CpuView& c = cpu(event.cpu);
  c = {.task = event.task,
       .process = t.process,
       .name_hash = t.name_hash,
       .w = t.w,
       .rem_scale = t.rem_scale,
       .pad = 0,
       .slice_end = now_ + t.slice,
       .exec_since = t.exec - now_,
       .burst = t.burst,
       .pad2 = {}};
}

void Tracker::on_stop(const Event& event) {
  TaskView& t = tasks_[event.task];
  cpu(event.cpu).task = kNoTask;
  t.exec += event.ran;
  t.cpu_time += event.ran;
  ProcessView& p = processes_[t.process];
  p.use = decayed_use(p) + static_cast<float>(real(event.ran) / kUseTau);
  p.use_at = now_;
  // What it got beyond the promise is not held against it for longer than the window.
  t.floor = std::min(t.floor + static_cast<Nanos>(real(event.ran) / serving_rate(t)),
                     now_ + kFloorWindow);
  const bool sleeps = event.reason == StopReason::kSleep || event.reason == StopReason::kExit;
  t.involuntary_share = ewma_share(t.involuntary_share, !sleeps);
  if (!sleeps) {
    // Between kStop and kEnqueue it is neither waiting nor running; no time passes.
    t.activity = Activity::kRunning;
    t.started = now_;
    return;
  }
  t.last_burst = t.exec;
  t.burst = ewma(t.burst, t.exec);
  t.slept_at = now_;
  t.activity = Activity::kAsleep;
  set_runnable(t, false);
}

void Tracker::set_runnable(TaskView& t, bool runnable) {
  ProcessView& p = processes_[t.process];
  if (runnable) {
    ++runnable_;
    runnable_load_ += t.load_weight;
    if (p.runnable++ == 0) ++busy_processes_;
  } else {
    --runnable_;
    runnable_load_ -= t.load_weight;
    if (--p.runnable == 0) --busy_processes_;
  }
}

float Tracker::fair_use() const {
  return static_cast<float>(cpus()) / static_cast<float>(std::max(1U, busy_processes_));
}

float Tracker::decayed_use(const ProcessView& p) const {
  if (p.use_at == now_) return p.use;  // what follows makes of it, at some cost
  const auto octaves = static_cast<float>(real(now_ - p.use_at) * (M_LOG2E / kUseTau));
  return p.use * exp2_of(-std::min(octaves, kManyOctaves));
}

float Tracker::use(const TaskView& view) const {
  return decayed_use(processes_[view.process]);
}

// Promised CPU time per time while everybody who is runnable now competes.
double Tracker::serving_rate(const TaskView& t) const {
  const double total = real(std::max<uint64_t>(runnable_load_, t.load_weight));
  const double fair = std::min(1.0, static_cast<double>(cpus()) * t.load_weight / total);
  return std::max(1e-6, weighing_.floor_share * fair);
}

Nanos Tracker::guard(const TaskView& t) const {
  return t.floor + static_cast<Nanos>(real(kFloorQuantum) / serving_rate(t));
}

// --- the process table ---

size_t Tracker::find_process(uint32_t id) const {
  const size_t mask = process_index_.size() - 1;
  size_t i = process_hash(id) & mask;
  while (process_index_[i] != 0 && processes_[process_index_[i] - 1].id != id) i = (i + 1) & mask;
  return i;
}

uint32_t Tracker::join_process(uint32_t id) {
  const size_t i = find_process(id);
  if (process_index_[i] == 0) {
    const uint32_t slot = free_processes_.back();
    free_processes_.pop_back();
    processes_[slot] = ProcessView{.id = id, .tasks = 0, .runnable = 0, .use = 0, .use_at = now_};
    process_index_[i] = slot + 1;
  }
  const uint32_t slot = process_index_[i] - 1;
  ++processes_[slot].tasks;
  return slot;
}

void Tracker::leave_process(uint32_t slot) {
  if (--processes_[slot].tasks > 0) return;
  const size_t mask = process_index_.size() - 1;
  size_t hole = find_process(processes_[slot].id);
  process_index_[hole] = 0;
  // Open addressing without tombstones: close the gap behind the removed entry.
  for (size_t i = (hole + 1) & mask; process_index_[i] != 0; i = (i + 1) & mask) {
    const size_t home = process_hash(processes_[process_index_[i] - 1].id) & mask;
    if (((i - home) & mask) >= ((i - hole) & mask)) {
      process_index_[hole] = process_index_[i];
      process_index_[i] = 0;
      hole = i;
    }
  }
  free_processes_.push_back(slot);
}

}  // namespace quanta
