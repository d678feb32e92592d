#include "env/sim/machine.h"

#include <algorithm>
#include <bit>

#include "env/base/hash.h"

namespace quanta {

namespace {

constexpr size_t kBatch = 64;  // events after which advance() hands over

}  // namespace

uint32_t nice_to_weight(int nice) {
  static constexpr uint32_t kTable[40] = {
      88761, 71755, 56483, 46273, 36291, 29154, 23254, 18705, 14949, 11916, 9548, 7620, 6100, 4904,
      3906,  3121,  2501,  1991,  1586,  1277,  1024,  820,   655,   526,   423,  335,  272,  215,
      172,   137,   110,   87,    70,    56,    45,    36,    29,    23,    18,   15};
  return kTable[std::clamp(nice, -20, 19) + 20];
}

Machine::Machine(const MachineConfig& config, const Load& load)
    : config_(config), load_(load), agenda_(config.cpus, load.max_tasks) {
  tasks_.resize(load_.max_tasks);
  infos_.resize(load_.max_tasks);
  cpus_.resize(static_cast<size_t>(config_.cpus));
  channels_.resize(load_.channels.size());
  stats_.resize(load_.groups.size());
  load_slots_.assign(load_.tasks.size(), kNoTask);
  free_.reserve(load_.max_tasks);
  for (uint32_t i = load_.max_tasks; i > 0; --i) free_.push_back(i - 1);
  idle_ = config_.cpus == 64 ? ~uint64_t{0} : (uint64_t{1} << config_.cpus) - 1;
  agenda_.push(0, AgendaKind::kRestart, 0, 0);
  for (uint32_t g = 0; g < load_.groups.size(); ++g) {
    const Nanos until = load_.groups[g].until;
    if (until != LoadGroup::kForever) agenda_.push(until, AgendaKind::kDismissal, g, 0);
  }
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
                                 load_.channels.size(),
                                 config_.switch_cost,
                                 config_.migration_cost,
                                 config_.tick,
                                 config_.dispatch_cost,
                                 config_.dispatch_latency};
  for (const auto* delays : {&config_.idle_delay, &config_.push_delay}) {
    if (delays->back() != 0) facts.insert(facts.end(), delays->begin(), delays->end());
  }
  for (const Program& p : load_.programs) {
    facts.insert(facts.end(), {p.ops.size(), p.group, p.name, p.weight, p.cache_refill});
    for (const Op& op : p.ops) {
      facts.insert(facts.end(),
                   {static_cast<uint64_t>(op.kind), op.arg, op.count,
                    static_cast<uint64_t>(op.dist.kind), std::bit_cast<uint32_t>(op.dist.a),
                    std::bit_cast<uint32_t>(op.dist.b), std::bit_cast<uint32_t>(op.dist.p)});
    }
  }
  for (size_t g = 0; g < load_.groups.size(); ++g) {
    const Nanos until = load_.groups[g].until;
    if (until != LoadGroup::kForever) facts.insert(facts.end(), {g, until});
  }
  return fnv1a64({reinterpret_cast<const char*>(facts.data()), facts.size() * sizeof(uint64_t)},
                 fnv1a64(load_.name));
}

void Machine::reset_stats() {
  for (GroupStats& group : stats_) group = GroupStats{};
}

void Machine::advance(EventSink& out, Nanos until) {
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
    if (sched_->waits_for_decisions()) break;
    const AgendaEntry next = agenda_.top();
    if (next.time > until || next.time == AgendaEntry::kNever) break;
    agenda_.pop(next);
    ++entries_;
    now_ = next.time;
    switch (next.kind()) {
      case AgendaKind::kCpu:
        cpu_event(static_cast<CpuId>(next.id()));
        break;
      case AgendaKind::kTask:
        task_event(next.id());
        break;
      case AgendaKind::kArrival:
        sched_->arrived(next.id(), static_cast<uint32_t>(next.ticket));
        break;
      case AgendaKind::kClass:
        sched_->timer(next.id());
        break;
      case AgendaKind::kRestart:
        restart();
        break;
      case AgendaKind::kDismissal:
        dismiss(next.id());
        break;
    }
  }
  if (out.size() == 0 && !sched_->waits_for_decisions()) now_ = std::max(now_, until);
}

}  // namespace quanta
