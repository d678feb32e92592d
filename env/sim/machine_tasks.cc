// How simulated tasks come, wake up and go.
#include <cstring>

#include "env/sim/machine.h"

namespace quanta {

void Machine::restart() {
  for (TaskId id = 0; id < tasks_.size(); ++id) {
    SimTask& t = tasks_[id];
    if (t.state == TaskState::kFree) continue;
    if (t.state == TaskState::kRunning) {
      for (CpuId c = 0; c < config_.cpus; ++c) {
        if (cpus_[static_cast<size_t>(c)].running == id) stop(c, StopReason::kExit);
      }
    }
    finish(id);
  }
  for (size_t i = 0; i < channels_.size(); ++i) {
    channels_[i] = Channel{};
    channels_[i].ring.resize(64);
    channels_[i].count = load_.channels[i];
    while (channels_[i].ring.size() < channels_[i].count)
      channels_[i].ring.resize(2 * channels_[i].ring.size());
  }
  for (uint32_t i = 0; i < load_.tasks.size(); ++i) {
    load_slots_[i] = kNoTask;
    if (load_.tasks[i].forked) continue;
    const TaskId id = spawn_listed(i, kNoTask);
    if (id == kNoTask) continue;
    agenda_.arm_task(id, now_ + load_.tasks[i].start);
  }
  ++epoch_;
  if (load_.repeat > 0) agenda_.push(now_ + load_.repeat, AgendaKind::kRestart, 0, 0);
}

// Who runs or is about to exits by itself. The group's channels keep the waiters that are woken
// here: nobody posts there again.
void Machine::dismiss(uint32_t group) {
  for (TaskId id = 0; id < tasks_.size(); ++id) {
    const TaskState state = tasks_[id].state;
    const bool rests = state == TaskState::kSleeping || state == TaskState::kBlocked;
    if (rests && load_.programs[tasks_[id].program].group == group) wake(id, kNoTask, false);
  }
}

TaskId Machine::spawn(uint32_t program, uint32_t process, TaskId parent) {
  if (free_.empty()) return kNoTask;
  const TaskId id = free_.back();
  free_.pop_back();
  SimTask& t = tasks_[id];
  const uint32_t generation = t.generation + 1;
  t = SimTask{};
  t.rng = Rng(config_.seed, ++spawned_);
  t.generation = generation;
  t.program = program;
  t.parent = parent;
  t.state = TaskState::kEmbryo;
  const Program& p = load_.programs[program];
  TaskInfo& info = infos_[id];
  info = TaskInfo{};
  std::strncpy(info.comm, load_.names[p.name].c_str(), sizeof(info.comm) - 1);
  info.pid = static_cast<uint32_t>(spawned_);
  info.process = process == UINT32_MAX ? (1U << 30) + info.pid : process;
  info.weight = p.weight;
  info.nice = p.nice;
  info.uid = p.uid;
  info.cgroup = p.cgroup;
  info.kernel_thread = p.kernel_thread;
  return id;
}

TaskId Machine::spawn_listed(uint32_t index, TaskId parent) {
  const TaskId id = spawn(load_.tasks[index].program, load_.tasks[index].process, parent);
  if (id == kNoTask) return id;
  tasks_[id].load_index = index;
  load_slots_[index] = id;
  return id;
}

void Machine::begin(TaskId id, TaskId waker) {
  SimTask& t = tasks_[id];
  t.stamp = now_;
  t.period_next = now_;
  if (!load_.programs[t.program].device) {
    emit(EventKind::kNew, id, waker);
  }
  t.state = TaskState::kSleeping;
  wake(id, waker, false);
}

// The slot goes back; its owner has stopped running.
void Machine::finish(TaskId id) {
  SimTask& t = tasks_[id];
  const bool was_visible = t.state != TaskState::kEmbryo && !load_.programs[t.program].device;
  agenda_.disarm_task(id);
  ++t.generation;
  t.state = TaskState::kFree;
  sched_->forget(id);
  if (t.load_index != UINT32_MAX) load_slots_[t.load_index] = kNoTask;
  if (was_visible) {
    emit(EventKind::kExit, id);
  }
  free_.push_back(id);
}

void Machine::wake(TaskId id, TaskId waker, bool sync) {
  SimTask& t = tasks_[id];
  agenda_.disarm_task(id);
  if (load_.programs[t.program].device) {
    t.state = TaskState::kRunning;
    execute(id);
    return;
  }
  // A program that goes on without needing the CPU first needs it all the same, for an instant.
  t.state = TaskState::kRunnable;
  t.runnable_since = t.wake_time = now_;
  t.cold = false;
  const uint8_t flags = static_cast<uint8_t>(kWakeup | (sync ? kSync : 0));
  sched_->enqueue(id, waker, flags);
}

void Machine::task_event(TaskId id) {
  SimTask& t = tasks_[id];
  if (t.state == TaskState::kEmbryo) {
    begin(id, kNoTask);
  } else if (t.state == TaskState::kSleeping) {
    wake(id, kNoTask, false);
  }
}

}  // namespace quanta
