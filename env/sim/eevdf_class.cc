#include "env/sim/eevdf_class.h"

#include <algorithm>
#include <bit>

#include "env/base/archive.h"

namespace quanta {

namespace {
// sysctl_sched_base_slice: 0.70 ms * (1 + ilog2(min(CPUs, 8))).
Nanos base_slice(int cpus) {
  return 700 * kMicrosecond *
         static_cast<Nanos>(std::bit_width(static_cast<unsigned>(std::min(cpus, 8))));
}
constexpr uint64_t kBalanceTicks = 2;  // ticks between two looks at the other runqueues
}  // namespace

EevdfClass::EevdfClass(Machine& machine)
    : machine_(machine),
      slice_(base_slice(machine.cpus())),
      entities_(machine.max_tasks()),
      queues_(static_cast<size_t>(machine.cpus())) {}

void EevdfClass::update(CpuId cpu) {
  RunQueue& q = rq(cpu);
  if (q.current == kNoTask) return;
  entities_[q.current].vruntime +=
      static_cast<double>(machine_.now() - q.charged) / weight(q.current);
  q.charged = machine_.now();
}

// V, the weighted average vruntime of all that compete on this CPU.
double EevdfClass::average(CpuId cpu, double* total_weight) {
  RunQueue& q = rq(cpu);
  double sum = 0;
  double total = 0;
  const auto add = [&](TaskId t) {
    sum += weight(t) * (entities_[t].vruntime - q.last_average);
    total += weight(t);
  };
  if (q.current != kNoTask) add(q.current);
  for (const TaskId t : q.waiting) add(t);
  if (total_weight != nullptr) *total_weight = total;
  if (total > 0) q.last_average += sum / total;
  return q.last_average;
}

void EevdfClass::place(CpuId cpu, TaskId task) {
  double total = 0;
  const double v = average(cpu, &total);
  Entity& e = entities_[task];
  double lag = e.lag;
  // Delayed dequeue: what a sleeper owes is paid off as if it had kept competing.
  if (lag < 0 && e.sleeping) {
    lag = std::min(0.0,
                   lag + static_cast<double>(machine_.now() - e.slept_at) / (total + weight(task)));
  }
  // Adding the task moves V; scale its lag so that it holds afterwards.
  if (total > 0) lag *= (total + weight(task)) / total;
  e.vruntime = v - lag;
  e.deadline = e.vruntime + virtual_slice(task);
  e.rq = cpu;
  e.sleeping = false;
  rq(cpu).waiting.push_back(task);
}

void EevdfClass::remove(CpuId cpu, TaskId task) {
  std::vector<TaskId>& waiting = rq(cpu).waiting;
  waiting.erase(
      std::find(waiting.begin(), waiting.end(), task));  // equals leave in order of arrival
  entities_[task].rq = kNoCpu;
}

TaskId EevdfClass::best(CpuId cpu, bool with_current) {
  RunQueue& q = rq(cpu);
  const double v = average(cpu);
  TaskId first = kNoTask;
  TaskId least = kNoTask;  // by vruntime: rounding may leave nobody eligible
  const auto consider = [&](TaskId t) {
    const Entity& e = entities_[t];
    if (least == kNoTask || e.vruntime < entities_[least].vruntime) least = t;
    if (e.vruntime > v) return;
    if (first == kNoTask || e.deadline < entities_[first].deadline) first = t;
  };
  for (const TaskId t : q.waiting) consider(t);
  if (with_current && q.current != kNoTask) consider(q.current);  // last: yields to its equals
  return first != kNoTask ? first : least;
}

CpuId EevdfClass::choose_cpu(TaskId task, TaskId waker, uint8_t flags) {
  const CpuId prev = machine_.task(task).last_cpu;
  if (prev != kNoCpu && machine_.idle(prev)) return prev;
  if (machine_.idle_mask() != 0) return std::countr_zero(machine_.idle_mask());
  const CpuId here = waker != kNoTask ? machine_.task(waker).last_cpu : kNoCpu;
  if (here != kNoCpu && (flags & kSync) != 0 && load_of(here) == 1) return here;
  if (prev != kNoCpu && (here == kNoCpu || load_of(prev) <= load_of(here))) return prev;
  if (prev != kNoCpu) return here;
  CpuId idlest = 0;
  for (CpuId c = 1; c < machine_.cpus(); ++c) {
    if (load_of(c) < load_of(idlest)) idlest = c;
  }
  return idlest;
}

void EevdfClass::enqueue(TaskId task, TaskId waker, uint8_t flags) {
  SimTask& t = machine_.task(task);
  ++t.generation;
  Event& event = machine_.emit(EventKind::kEnqueue, task, waker);
  event.generation = t.generation;
  event.flags = flags;
  if ((flags & kWakeup) == 0) {  // put back: stays on its CPU
    Entity& e = entities_[task];
    e.rq = t.last_cpu;
    rq(t.last_cpu).waiting.push_back(task);
    return;
  }
  const CpuId cpu = choose_cpu(task, waker, flags);
  update(cpu);
  if (machine_.idle(cpu)) {
    event.kind = EventKind::kWake;
    event.cpu = static_cast<int16_t>(cpu);
    place(cpu, task);
    remove(cpu, task);
    machine_.start(cpu, task);
    return;
  }
  place(cpu, task);
  const TaskId current = rq(cpu).current;
  if (current == kNoTask) return;
  Entity& e = entities_[current];
  // Without hrtick a used-up slice ends at the next tick or, if that comes first, wake-up.
  if (!machine_.config().hrtick && e.vruntime >= e.deadline) {
    e.deadline = e.vruntime + virtual_slice(current);
    if (best(cpu, true) != current) machine_.preempt(cpu);
    return;
  }
  const bool is_protected = e.vruntime <= average(cpu) && e.vruntime < e.deadline;
  if (!is_protected && best(cpu, true) == task) machine_.preempt(cpu);
}

CpuId EevdfClass::busiest(CpuId except) {
  CpuId most = kNoCpu;
  for (CpuId c = 0; c < machine_.cpus(); ++c) {
    if (c != except && !rq(c).waiting.empty() && (most == kNoCpu || load_of(c) > load_of(most)))
      most = c;
  }
  return most;
}

void EevdfClass::move(TaskId task, CpuId from, CpuId to) {
  update(from);
  update(to);
  entities_[task].lag = average(from) - entities_[task].vruntime;
  remove(from, task);
  place(to, task);
}

TaskId EevdfClass::pick(CpuId cpu) {
  if (rq(cpu).waiting.empty()) {
    const CpuId from = busiest(cpu);
    if (from == kNoCpu) return kNoTask;
    move(rq(from).waiting.front(), from, cpu);
  }
  const TaskId next = best(cpu, false);
  remove(cpu, next);
  return next;
}

Nanos EevdfClass::next_tick(CpuId cpu) const {
  const Nanos tick = machine_.config().tick;
  const Nanos offset = tick * static_cast<Nanos>(cpu) / static_cast<Nanos>(machine_.cpus());
  return ((machine_.now() + tick - offset) / tick) * tick + offset;
}

// Sets the timer to the tick or, with hrtick, to the end of the current slice if that comes first.
void EevdfClass::set_timer(CpuId cpu) {
  RunQueue& q = rq(cpu);
  q.next_tick = next_tick(cpu);
  Nanos at = q.next_tick;
  if (machine_.config().hrtick) {
    const Entity& e = entities_[q.current];
    const double left = std::max(0.0, (e.deadline - e.vruntime) * weight(q.current));
    at = std::min(at, machine_.now() + static_cast<Nanos>(left) + 1);
  }
  machine_.set_expiry(cpu, at);
}

void EevdfClass::started(CpuId cpu, TaskId task) {
  rq(cpu).current = task;
  rq(cpu).charged = machine_.now();
  set_timer(cpu);
}

void EevdfClass::stopped(CpuId cpu, TaskId task, Nanos, StopReason reason) {
  update(cpu);
  Entity& e = entities_[task];
  if (e.vruntime >= e.deadline) e.deadline = e.vruntime + virtual_slice(task);
  if (reason == StopReason::kSleep || reason == StopReason::kExit) {
    const double limit = 2 * virtual_slice(task);
    e.lag = std::clamp(average(cpu) - e.vruntime, -limit, limit);
    e.sleeping = true;
    e.slept_at = machine_.now();
  }
  rq(cpu).current = kNoTask;
}

bool EevdfClass::expired(CpuId cpu) {
  RunQueue& q = rq(cpu);
  update(cpu);
  if (machine_.now() == q.next_tick && ++q.ticks % kBalanceTicks == 0) {
    const CpuId from = busiest(cpu);
    if (from != kNoCpu && load_of(from) >= load_of(cpu) + 2)
      move(rq(from).waiting.front(), from, cpu);
  }
  Entity& e = entities_[q.current];
  if (e.vruntime >= e.deadline) {
    e.deadline = e.vruntime + virtual_slice(q.current);
    if (!q.waiting.empty() && best(cpu, true) != q.current) return true;
  }
  set_timer(cpu);
  return false;
}

void EevdfClass::forget(TaskId task) {
  const CpuId cpu = entities_[task].rq;
  if (cpu != kNoCpu) remove(cpu, task);
  entities_[task] = Entity{};
}

void EevdfClass::save(StateSaver& saver) {
  state(saver);
}
void EevdfClass::load(StateLoader& loader) {
  state(loader);
}

}  // namespace quanta
