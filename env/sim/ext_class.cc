#include "env/sim/ext_class.h"

#include <algorithm>
#include <bit>

#include "env/base/archive.h"

namespace quanta {

namespace {
constexpr uint32_t kDefaultSlice = 2 * kMillisecond;
}

ExtClass::ExtClass(Machine& machine)
    : machine_(machine),
      reserved_(static_cast<size_t>(machine.cpus()), kNoTask),
      slices_(machine.max_tasks(), kDefaultSlice),
      answered_(machine.max_tasks()),
      decided_(machine.max_tasks()) {
  queue_.reserve(machine.max_tasks());
}

void ExtClass::enqueue(TaskId task, TaskId waker, uint8_t flags) {
  SimTask& t = machine_.task(task);
  ++t.generation;
  Event& event = machine_.emit(EventKind::kEnqueue, task, waker);
  event.generation = t.generation;
  event.flags = flags;
  const uint64_t idle = machine_.idle_mask();
  if (idle != 0) {
    const CpuId cpu = t.last_cpu != kNoCpu && machine_.idle(t.last_cpu)
                          ? t.last_cpu
                          : static_cast<CpuId>(std::countr_zero(idle));
    event.kind = EventKind::kWake;
    event.cpu = static_cast<int16_t>(cpu);
    slices_[task] = kDefaultSlice;
    machine_.start(cpu, task);
    return;
  }
  ++wanted_;
}

void ExtClass::dispatch(std::span<const Decision> decisions) {
  for (const Decision& d : decisions) {
    if (wanted_ > 0) --wanted_;
    const SimTask& t = machine_.task(d.task);
    const bool repeated = answered_[d.task] == d.generation;
    if (repeated || t.generation != d.generation || t.state != TaskState::kRunnable) {
      ++stale_;
      continue;
    }
    answered_[d.task] = d.generation;
    if (machine_.config().dispatch_latency == 0) {
      place(d);
    } else {
      decided_[d.task] = d;
      machine_.at(machine_.now() + machine_.config().dispatch_latency, AgendaKind::kArrival, d.task,
                  d.generation);
    }
  }
}

void ExtClass::arrived(TaskId task, uint32_t generation) {
  const SimTask& t = machine_.task(task);
  if (t.generation != generation || t.state != TaskState::kRunnable) {
    ++stale_;
    return;
  }
  place(decided_[task]);
}

void ExtClass::place(const Decision& d) {
  slices_[d.task] = d.slice;
  const uint64_t idle = machine_.idle_mask();
  if (idle != 0) {
    const CpuId last = machine_.task(d.task).last_cpu;
    machine_.start(
        last != kNoCpu && machine_.idle(last) ? last : static_cast<CpuId>(std::countr_zero(idle)),
        d.task);
    return;
  }
  if (d.preempt_cpu >= 0 && d.preempt_cpu < machine_.cpus()) {
    TaskId& reserved = reserved_[static_cast<size_t>(d.preempt_cpu)];
    if (reserved == kNoTask && machine_.cpu(d.preempt_cpu).running != kNoTask) {
      reserved = d.task;
      machine_.preempt(d.preempt_cpu);
      return;
    }
  }
  queue_.push({d.key, next_order_++, d.guard, d.task, 0});
  soonest_ = std::min(soonest_, d.guard);
}

TaskId ExtClass::pick(CpuId cpu) {
  TaskId& reserved = reserved_[static_cast<size_t>(cpu)];
  if (reserved != kNoTask) {
    const TaskId task = reserved;
    reserved = kNoTask;
    return task;
  }
  if (queue_.empty()) return kNoTask;
  if (soonest_ <= machine_.now()) {
    const auto waiters = queue_.entries();
    const auto due = std::min_element(waiters.begin(), waiters.end(), due_before);
    soonest_ = due->guard;
    if (soonest_ <= machine_.now()) {
      const TaskId task = due->task;
      queue_.remove(static_cast<size_t>(due - waiters.begin()));
      return task;
    }
  }
  const TaskId task = queue_.top().task;
  queue_.pop();
  return task;
}

void ExtClass::started(CpuId cpu, TaskId task) {
  machine_.set_expiry(cpu, machine_.now() + slices_[task]);
}

// A slice ends only where somebody waits; otherwise it is renewed without a switch.
bool ExtClass::expired(CpuId cpu) {
  if (!queue_.empty()) return true;
  machine_.set_expiry(cpu, machine_.now() + slices_[machine_.cpu(cpu).running]);
  return false;
}

void ExtClass::forget(TaskId task) {
  const auto waiters = queue_.entries();
  const auto waiter =
      std::find_if(waiters.begin(), waiters.end(), [&](const Waiter& w) { return w.task == task; });
  if (waiter != waiters.end()) queue_.remove(static_cast<size_t>(waiter - waiters.begin()));
  for (TaskId& reserved : reserved_) {
    if (reserved == task) reserved = kNoTask;
  }
}

void ExtClass::save(StateSaver& saver) {
  state(saver);
}
void ExtClass::load(StateLoader& loader) {
  state(loader);
  soonest_ = 0;  // not known
}

}  // namespace quanta
