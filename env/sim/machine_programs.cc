// What simulated tasks do: their operations, one after the other.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "env/sim/machine.h"

namespace quanta {

namespace {

constexpr int kMaxOpsWithoutTime = 100'000;  // a program that never runs is put to sleep

}  // namespace

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
  if (dismissed(id)) return total;
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
  const auto exit = [&] {
    if (!program.device) stop(t.last_cpu, StopReason::kExit);
    finish(id);
    return false;
  };
  if (dismissed(id)) return exit();
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
        agenda_.arm_task(id, until);
        return false;
      }
      case OpKind::kWait:
        if (receive(id, op.arg)) break;
        leave(TaskState::kBlocked, StopReason::kSleep);
        wait_for(id, op.arg);
        return false;
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
        emit(EventKind::kExec, id);
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
        return exit();
    }
  }
  leave(TaskState::kSleeping, StopReason::kSleep);
  agenda_.arm_task(id, now_ + kMillisecond);
  return false;
}

}  // namespace quanta
