#include "env/sim/machine.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "env/base/hash.h"

namespace quanta {

namespace {

constexpr Nanos kNever = ~Nanos{0};
constexpr uint32_t kMaxMessages = 1U << 16;  // a channel that is full drops the oldest
constexpr size_t kBatch = 64;                // events after which advance() hands over
constexpr int kMaxOpsWithoutTime = 100'000;  // a program that never runs is put to sleep

}  // namespace

uint32_t nice_to_weight(int nice) {
  static constexpr uint32_t kTable[40] = {
      88761, 71755, 56483, 46273, 36291, 29154, 23254, 18705, 14949, 11916, 9548, 7620, 6100, 4904,
      3906,  3121,  2501,  1991,  1586,  1277,  1024,  820,   655,   526,   423,  335,  272,  215,
      172,   137,   110,   87,    70,    56,    45,    36,    29,    23,    18,   15};
  return kTable[std::clamp(nice, -20, 19) + 20];
}

Machine::Machine(const MachineConfig& config, const Load& load) : config_(config), load_(load) {
  tasks_.resize(load_.max_tasks);
  infos_.resize(load_.max_tasks);
  cpus_.resize(static_cast<size_t>(config_.cpus));
  channels_.resize(load_.channels.size());
  stats_.resize(load_.groups.size());
  load_slots_.assign(load_.tasks.size(), kNoTask);
  agenda_.reserve(4 * load_.max_tasks + 256);
  free_.reserve(load_.max_tasks);
  for (uint32_t i = load_.max_tasks; i > 0; --i) free_.push_back(i - 1);
  idle_ = config_.cpus == 64 ? ~uint64_t{0} : (uint64_t{1} << config_.cpus) - 1;
  agenda_.push(0, AgendaKind::kRestart, 0, 0);
}

void Machine::attach(SchedClass& sched) {
  sched_ = &sched;
}

uint64_t Machine::shape() const {
  std::vector<uint64_t> facts = {static_cast<uint64_t>(config_.cpus),
                                 config_.seed,
                                 load_.max_tasks,
                                 load_.groups.size(),
                                 load_.tasks.size(),
                                 load_.channels.size()};
  for (const Program& p : load_.programs) {
    facts.insert(facts.end(), {p.ops.size(), p.group, p.name, p.weight});
    for (const Op& op : p.ops)
      facts.insert(facts.end(), {static_cast<uint64_t>(op.kind), op.arg, op.count});
  }
  return fnv1a64({reinterpret_cast<const char*>(facts.data()), facts.size() * sizeof(uint64_t)},
                 fnv1a64(load_.name));
}

void Machine::reset_stats() {
  for (GroupStats& group : stats_) group = GroupStats{};
}

void Machine::advance(std::vector<Event>& out, Nanos until) {
  out_ = &out;
  while (out.size() < kBatch) {
    while (preempts_ != 0) {
      const CpuId c = std::countr_zero(preempts_);
      preempts_ &= preempts_ - 1;
      if (cpus_[static_cast<size_t>(c)].running != kNoTask) put_back(c, StopReason::kPreempted);
    }
    while (picks_ != 0 && !sched_->waits_for_decisions()) {
      const CpuId c = std::countr_zero(picks_);
      picks_ &= picks_ - 1;
      if (cpus_[static_cast<size_t>(c)].running != kNoTask) continue;
      const TaskId next = sched_->pick(c);
      if (next == kNoTask) {
        idle_ |= uint64_t{1} << c;
      } else {
        start(c, next);
      }
    }
    if (sched_->waits_for_decisions() || agenda_.empty() || agenda_.top().time > until) break;
    const AgendaEntry entry = agenda_.top();
    agenda_.pop();
    ++entries_;
    switch (entry.kind) {
      case AgendaKind::kCpu:
        if (cpus_[entry.id].ticket != entry.ticket) continue;
        now_ = entry.time;
        cpu_event(static_cast<CpuId>(entry.id));
        break;
      case AgendaKind::kTask:
        if (tasks_[entry.id].ticket != entry.ticket) continue;
        now_ = entry.time;
        task_event(entry.id);
        break;
      case AgendaKind::kArrival:
        now_ = entry.time;
        sched_->arrived(entry.id, entry.ticket);
        break;
      case AgendaKind::kClass:
        now_ = entry.time;
        sched_->timer(entry.id);
        break;
      case AgendaKind::kRestart:
        now_ = entry.time;
        restart();
        break;
    }
  }
  if (out.empty() && !sched_->waits_for_decisions() && now_ < until &&
      (agenda_.empty() || agenda_.top().time > until)) {
    now_ = until;
  }
}

// --- tasks
// -----------------------------------------------------------------------------------------

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
    agenda_.push(now_ + load_.tasks[i].start, AgendaKind::kTask, id, tasks_[id].ticket);
  }
  ++epoch_;
  if (load_.repeat > 0) agenda_.push(now_ + load_.repeat, AgendaKind::kRestart, 0, 0);
}

TaskId Machine::spawn(uint32_t program, uint32_t process, TaskId parent) {
  if (free_.empty()) return kNoTask;
  const TaskId id = free_.back();
  free_.pop_back();
  SimTask& t = tasks_[id];
  const uint32_t ticket = t.ticket + 1;
  const uint32_t generation = t.generation + 1;
  t = SimTask{};
  t.rng = Rng(config_.seed, ++spawned_);
  t.ticket = ticket;
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
    emit({.time = now_,
          .ran = 0,
          .task = id,
          .other = waker,
          .generation = 0,
          .cpu = -1,
          .kind = EventKind::kNew,
          .flags = 0,
          .reason = {},
          .pad = {}});
  }
  t.state = TaskState::kSleeping;
  wake(id, waker, false);
}

// The slot goes back; its owner has stopped running.
void Machine::finish(TaskId id) {
  SimTask& t = tasks_[id];
  const bool was_visible = t.state != TaskState::kEmbryo && !load_.programs[t.program].device;
  ++t.ticket;
  ++t.generation;
  t.state = TaskState::kFree;
  sched_->forget(id);
  if (t.load_index != UINT32_MAX) load_slots_[t.load_index] = kNoTask;
  if (was_visible) {
    emit({.time = now_,
          .ran = 0,
          .task = id,
          .other = kNoTask,
          .generation = 0,
          .cpu = -1,
          .kind = EventKind::kExit,
          .flags = 0,
          .reason = {},
          .pad = {}});
  }
  free_.push_back(id);
}

void Machine::wake(TaskId id, TaskId waker, bool sync) {
  SimTask& t = tasks_[id];
  ++t.ticket;
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

// --- CPUs
// ------------------------------------------------------------------------------------------

void Machine::start(CpuId c, TaskId id) {
  SimCpu& cpu = cpus_[static_cast<size_t>(c)];
  SimTask& t = tasks_[id];
  GroupStats& group = stats_[load_.programs[t.program].group];
  const Nanos waited = now_ - t.runnable_since;
  group.wait += waited;
  if (t.wake_time != 0) {
    group.wakeup.add(now_ - t.wake_time);
    t.wake_time = 0;
  }
  cpu.overhead = config_.dispatch_cost;
  if (cpu.last != id) {
    cpu.overhead += config_.switch_cost;
    ++group.switches;
  }
  const bool migrated = t.last_cpu != kNoCpu && t.last_cpu != c;
  if (migrated) cpu.overhead += config_.migration_cost;
  if (t.cold && (migrated || cpu.last != id))
    cpu.overhead += load_.programs[t.program].cache_refill;
  t.cold = false;
  t.state = TaskState::kRunning;
  t.last_cpu = c;
  cpu.running = id;
  cpu.last = id;
  cpu.started = cpu.accounted = now_;
  cpu.work = 0;
  cpu.expiry = kNever;
  idle_ &= ~(uint64_t{1} << c);
  picks_ &= ~(uint64_t{1} << c);
  emit({.time = now_,
        .ran = 0,
        .task = id,
        .other = kNoTask,
        .generation = t.generation,
        .cpu = static_cast<int16_t>(c),
        .kind = EventKind::kStart,
        .flags = 0,
        .reason = {},
        .pad = {}});
  sched_->started(c, id);
  cpu.burst_end = now_ + cpu.overhead + t.remaining;
  arm(c);
}

void Machine::set_expiry(CpuId c, Nanos at) {
  cpus_[static_cast<size_t>(c)].expiry = at;
}

void Machine::arm(CpuId c) {
  SimCpu& cpu = cpus_[static_cast<size_t>(c)];
  agenda_.push(std::min(cpu.burst_end, cpu.expiry), AgendaKind::kCpu, static_cast<uint32_t>(c),
               ++cpu.ticket);
}

void Machine::charge(CpuId c) {
  SimCpu& cpu = cpus_[static_cast<size_t>(c)];
  SimTask& t = tasks_[cpu.running];
  GroupStats& group = stats_[load_.programs[t.program].group];
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
  const Nanos ran = now_ - cpu.started;
  emit({.time = now_,
        .ran = ran,
        .work = cpu.work,
        .task = id,
        .other = kNoTask,
        .generation = tasks_[id].generation,
        .cpu = static_cast<int16_t>(c),
        .kind = EventKind::kStop,
        .flags = 0,
        .reason = reason,
        .pad = {}});
  ++cpu.ticket;
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

// --- programs
// --------------------------------------------------------------------------------------

Nanos Machine::draw(const Dist& d, Rng& rng) const {
  double v = d.a;
  switch (d.kind) {
    case Dist::kConstant:
      break;
    case Dist::kUniform:
      v = d.a + (static_cast<double>(d.b) - d.a) * rng.uniform();
      break;
    case Dist::kExponential:
      v = std::min(d.a * rng.exponential(), 20.0 * d.a);
      break;
    case Dist::kLogNormal:
      v = d.a * std::exp(std::clamp(d.b * rng.normal(), -8.0, 8.0));
      break;
    case Dist::kBimodal:
      v = rng.uniform() < d.p ? d.b : d.a;
      break;
  }
  return v < 1 ? 1 : static_cast<Nanos>(v);
}

Nanos Machine::true_remaining(TaskId id) const {
  const SimTask& t = tasks_[id];
  const Program& program = load_.programs[t.program];
  constexpr int kMaxOps = 64;
  Rng rng = t.rng;
  Nanos total = t.remaining;
  uint32_t pc = t.pc;
  uint32_t repeats = t.repeats;
  for (int i = 0; i < kMaxOps; ++i) {
    const Op& op = program.ops[pc++];
    switch (op.kind) {
      case OpKind::kRun:
        total += draw(op.dist, rng);
        break;
      case OpKind::kJump:
        pc = op.arg;
        break;
      case OpKind::kRepeat:
        if (++repeats < op.count) {
          pc = op.arg;
        } else {
          repeats = 0;
        }
        break;
      case OpKind::kWait:
        if (channels_[op.arg].count == 0) return total;
        break;
      case OpKind::kWaitOwn:
        if (t.own_messages == 0) return total;
        break;
      case OpKind::kSleep:
      case OpKind::kPeriod:
      case OpKind::kExit:
        return total;
      default:
        break;
    }
  }
  return total;
}

bool Machine::execute(TaskId id) {
  SimTask& t = tasks_[id];
  const Program& program = load_.programs[t.program];
  GroupStats& group = stats_[program.group];
  const auto leave = [&](TaskState state, StopReason reason) {
    if (!program.device) stop(t.last_cpu, reason);
    t.state = state;
  };
  for (int budget = kMaxOpsWithoutTime; budget > 0; --budget) {
    const Op& op = program.ops[t.pc++];
    switch (op.kind) {
      case OpKind::kRun:
        if (program.device) break;
        t.remaining = draw(op.dist, t.rng);
        return true;
      case OpKind::kSleep:
      case OpKind::kPeriod: {
        Nanos until;
        if (op.kind == OpKind::kSleep) {
          until = now_ + draw(op.dist, t.rng);
        } else {
          if (t.period == 0) t.period = draw(op.dist, t.rng);
          const Nanos late = now_ > t.period_next ? (now_ - t.period_next) / t.period : 0;
          group.misses += late;
          t.period_next += (late + 1) * t.period;
          until = t.period_next;
        }
        leave(TaskState::kSleeping, StopReason::kSleep);
        t.stamp = until;
        agenda_.push(until, AgendaKind::kTask, id, ++t.ticket);
        return false;
      }
      case OpKind::kWait: {
        Channel& channel = channels_[op.arg];
        if (channel.count > 0) {
          const Message m = channel.ring[channel.head];
          channel.head = (channel.head + 1) & static_cast<uint32_t>(channel.ring.size() - 1);
          --channel.count;
          t.sender = m.sender;
          t.stamp = m.stamp;
          break;
        }
        leave(TaskState::kBlocked, StopReason::kSleep);
        t.waits_own = false;
        t.next_waiter = kNoTask;
        if (channel.last_waiter == kNoTask) {
          channel.first_waiter = id;
        } else {
          tasks_[channel.last_waiter].next_waiter = id;
        }
        channel.last_waiter = id;
        return false;
      }
      case OpKind::kWaitOwn:
        if (t.own_messages > 0) {
          --t.own_messages;
          break;
        }
        leave(TaskState::kBlocked, StopReason::kSleep);
        t.waits_own = true;
        return false;
      case OpKind::kPost:
      case OpKind::kPostSync:
        post(op.arg, {.stamp = program.device ? now_ : t.stamp, .sender = id},
             program.device ? kNoTask : id, op.kind == OpKind::kPostSync);
        break;
      case OpKind::kReply:
        if (t.sender != kNoTask) post_own(t.sender, id, true);
        break;
      case OpKind::kPostTask:
      case OpKind::kPostTaskSync: {
        const TaskId to = load_slots_[op.arg];
        if (to != kNoTask) post_own(to, id, op.kind == OpKind::kPostTaskSync);
        break;
      }
      case OpKind::kPostParent:
        if (t.parent != kNoTask) post_own(t.parent, program.device ? kNoTask : id, false);
        break;
      case OpKind::kFork: {
        const TaskId child = spawn(op.arg, UINT32_MAX, id);
        if (child != kNoTask) begin(child, id);
        break;
      }
      case OpKind::kForkTask: {
        if (load_slots_[op.arg] != kNoTask) break;
        const TaskId child = spawn_listed(op.arg, id);
        if (child != kNoTask) begin(child, id);
        break;
      }
      case OpKind::kExec: {
        TaskInfo& info = infos_[id];
        std::memset(info.comm, 0, sizeof(info.comm));
        std::strncpy(info.comm, load_.names[op.arg].c_str(), sizeof(info.comm) - 1);
        emit({.time = now_,
              .ran = 0,
              .task = id,
              .other = kNoTask,
              .generation = 0,
              .cpu = -1,
              .kind = EventKind::kExec,
              .flags = 0,
              .reason = {},
              .pad = {}});
        break;
      }
      case OpKind::kBegin:
        t.stamp = now_;
        break;
      case OpKind::kEnd: {
        const Nanos took = now_ - t.stamp;
        const Nanos deadline = load_.groups[program.group].deadline;
        group.response.add(took);
        if (deadline > 0 && took > deadline) ++group.misses;
        ++group.done;
        break;
      }
      case OpKind::kDone:
        ++group.done;
        break;
      case OpKind::kJump:
        t.pc = op.arg;
        break;
      case OpKind::kRepeat:
        if (++t.repeats < op.count) {
          t.pc = op.arg;
        } else {
          t.repeats = 0;
        }
        break;
      case OpKind::kExit:
        if (!program.device) stop(t.last_cpu, StopReason::kExit);
        finish(id);
        return false;
    }
  }
  leave(TaskState::kSleeping, StopReason::kSleep);
  agenda_.push(now_ + kMillisecond, AgendaKind::kTask, id, ++t.ticket);
  return false;
}

void Machine::post(uint32_t index, Message message, TaskId waker, bool sync) {
  Channel& channel = channels_[index];
  if (channel.first_waiter != kNoTask) {
    const TaskId id = channel.first_waiter;
    SimTask& t = tasks_[id];
    channel.first_waiter = t.next_waiter;
    if (channel.first_waiter == kNoTask) channel.last_waiter = kNoTask;
    t.sender = message.sender;
    t.stamp = message.stamp;
    wake(id, waker, sync);
    return;
  }
  if (channel.count == channel.ring.size()) {
    if (channel.ring.size() == kMaxMessages) {
      channel.head = (channel.head + 1) & (kMaxMessages - 1);
      --channel.count;
    } else {
      std::rotate(channel.ring.begin(), channel.ring.begin() + channel.head, channel.ring.end());
      channel.head = 0;
      channel.ring.resize(2 * channel.ring.size());
    }
  }
  channel.ring[(channel.head + channel.count) & static_cast<uint32_t>(channel.ring.size() - 1)] =
      message;
  ++channel.count;
}

void Machine::post_own(TaskId id, TaskId waker, bool sync) {
  SimTask& t = tasks_[id];
  if (t.state == TaskState::kBlocked && t.waits_own) {
    wake(id, waker, sync);
  } else if (t.state != TaskState::kFree) {
    ++t.own_messages;
  }
}

}  // namespace quanta
