// Who runs on the simulated CPUs, and what the time there is charged to.
#include <algorithm>

#include "env/sim/machine.h"

namespace quanta {

namespace {

constexpr Nanos kNever = ~Nanos{0};

}  // namespace

// Drawn from the moment and the task, so that nothing else's chance depends on it.
Nanos Machine::start_delay(CpuId c, TaskId id) const {
  const bool was_idle = idle(c);
  if (!was_idle && tasks_[id].wake_time != now_) return 0;
  const auto& delays = was_idle ? config_.idle_delay : config_.push_delay;
  if (delays.back() == 0) return 0;
  Rng rng(config_.seed ^ now_, id);
  return delays[rng.below(MachineConfig::kStartDelays)];
}

void Machine::start(CpuId c, TaskId id) {
  SimCpu& cpu = cpus_[static_cast<size_t>(c)];
  SimTask& t = tasks_[id];
  const Program& program = load_.programs[t.program];
  GroupStats& group = stats_[program.group];
  const Nanos begun = now_ + start_delay(c, id);
  group.wait += begun - t.runnable_since;
  if (t.wake_time != 0) {
    group.wakeup.add(begun - t.wake_time);
    t.wake_time = 0;
  }
  // What it pays is counted with numbers: branches on it could not be predicted.
  const Nanos switched = cpu.last != id ? 1 : 0;
  const Nanos migrated = t.last_cpu != kNoCpu && t.last_cpu != c ? 1 : 0;
  const Nanos refills = t.cold ? switched | migrated : 0;
  cpu.overhead = config_.dispatch_cost + switched * config_.switch_cost +
                 migrated * config_.migration_cost + refills * program.cache_refill;
  group.switches += switched;
  t.cold = false;
  t.state = TaskState::kRunning;
  t.last_cpu = c;
  cpu.running = id;
  cpu.last = id;
  cpu.started = cpu.accounted = begun;
  cpu.work = 0;
  cpu.expiry = kNever;
  idle_ &= ~(uint64_t{1} << c);
  picks_ &= ~(uint64_t{1} << c);
  Event& started = emit(EventKind::kStart, id);
  started.generation = t.generation;
  started.cpu = static_cast<int16_t>(c);
  sched_->started(c, id);
  cpu.burst_end = begun + cpu.overhead + t.remaining;
  arm(c);
}

void Machine::set_expiry(CpuId c, Nanos at) {
  cpus_[static_cast<size_t>(c)].expiry = at;
}

void Machine::arm(CpuId c) {
  SimCpu& cpu = cpus_[static_cast<size_t>(c)];
  agenda_.arm_cpu(c, std::min(cpu.burst_end, cpu.expiry));
}

void Machine::charge(CpuId c) {
  SimCpu& cpu = cpus_[static_cast<size_t>(c)];
  SimTask& t = tasks_[cpu.running];
  GroupStats& group = stats_[load_.programs[t.program].group];
  if (now_ <= cpu.accounted) return;
  const Nanos elapsed = now_ - cpu.accounted;
  const Nanos overhead = std::min(elapsed, cpu.overhead);
  const Nanos work = std::min(elapsed - overhead, t.remaining);
  cpu.overhead -= overhead;
  t.remaining -= work;
  t.cpu_time += elapsed;
  group.overhead += overhead;
  group.work += work;
  cpu.work += work;
  cpu.accounted = now_;
}

void Machine::stop(CpuId c, StopReason reason) {
  SimCpu& cpu = cpus_[static_cast<size_t>(c)];
  const TaskId id = cpu.running;
  charge(c);
  const Nanos ran = this->ran(c);
  Event& stopped = emit(EventKind::kStop, id);
  stopped.ran = ran;
  stopped.work = cpu.work;
  stopped.generation = tasks_[id].generation;
  stopped.cpu = static_cast<int16_t>(c);
  stopped.reason = reason;
  agenda_.disarm_cpu(c);
  cpu.running = kNoTask;
  picks_ |= uint64_t{1} << c;
  sched_->stopped(c, id, ran, reason);
}

void Machine::put_back(CpuId c, StopReason reason) {
  const TaskId id = cpus_[static_cast<size_t>(c)].running;
  SimTask& t = tasks_[id];
  if (reason == StopReason::kPreempted) ++stats_[load_.programs[t.program].group].preempted;
  stop(c, reason);
  t.state = TaskState::kRunnable;
  t.runnable_since = now_;
  t.cold = true;
  sched_->enqueue(id, kNoTask, 0);
}

void Machine::cpu_event(CpuId c) {
  SimCpu& cpu = cpus_[static_cast<size_t>(c)];
  charge(c);
  SimTask& t = tasks_[cpu.running];
  if (now_ >= cpu.burst_end) {
    if (!execute(cpu.running)) return;
    if (cpu.running == kNoTask) return;
    cpu.burst_end = now_ + cpu.overhead + t.remaining;
  }
  if (now_ >= cpu.expiry) {
    cpu.expiry = kNever;
    if (sched_->expired(c)) {
      put_back(c, StopReason::kSliceEnd);
      return;
    }
  }
  arm(c);
}

}  // namespace quanta
