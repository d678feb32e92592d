// The simulator's agenda as std::priority_queue, in place of env/sim/event_queue.h: the peer that
// the real one is compared with. Same entries, same order; who is armed anew leaves the entry
// before behind, which is recognised by its ticket.
#pragma once

#include <queue>
#include <vector>

#include "env/sim/agenda_entry.h"

namespace quanta {

class EventQueue {
 public:
  EventQueue(int cpus, uint32_t tasks)
      : cpu_tickets_(static_cast<size_t>(cpus)), task_tickets_(tasks) {}

  void arm_cpu(CpuId cpu, Nanos time) {
    const auto id = static_cast<uint32_t>(cpu);
    push(time, AgendaKind::kCpu, id, ++cpu_tickets_[id]);
  }
  void disarm_cpu(CpuId cpu) { ++cpu_tickets_[static_cast<size_t>(cpu)]; }
  void arm_task(TaskId task, Nanos time) {
    push(time, AgendaKind::kTask, task, ++task_tickets_[task]);
  }
  void disarm_task(TaskId task) { ++task_tickets_[task]; }
  void push(Nanos time, AgendaKind kind, uint32_t id, uint32_t ticket) {
    heap_.push({time, agenda_rest(next_order_++, kind, id), ticket});
  }

  AgendaEntry top() {
    while (!heap_.empty() && stale(heap_.top())) heap_.pop();
    return heap_.empty() ? AgendaEntry{AgendaEntry::kNever, 0, 0} : heap_.top();
  }
  void pop(const AgendaEntry&) { heap_.pop(); }

  template <class Archive>
  void state(Archive&) {}  // never saved

 private:
  struct Later {
    bool operator()(const AgendaEntry& x, const AgendaEntry& y) const { return later(x, y); }
  };
  bool stale(const AgendaEntry& entry) const {
    if (entry.kind() == AgendaKind::kCpu) return entry.ticket != cpu_tickets_[entry.id()];
    return entry.kind() == AgendaKind::kTask && entry.ticket != task_tickets_[entry.id()];
  }

  std::priority_queue<AgendaEntry, std::vector<AgendaEntry>, Later> heap_;
  std::vector<uint32_t> cpu_tickets_;
  std::vector<uint32_t> task_tickets_;
  uint64_t next_order_ = 0;
};

}  // namespace quanta
