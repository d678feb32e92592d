// The simulator's agenda. Not thread-safe.
//
// Each CPU and each task has one next moment, which it may move; whatever else is due is pushed,
// and stays until it is. Equal times leave in the order in which they came.
#pragma once

#include <algorithm>
#include <vector>

#include "env/base/tournament.h"
#include "env/sim/agenda_entry.h"

namespace quanta {

class EventQueue {
 public:
  EventQueue(int cpus, uint32_t tasks) : cpus_(static_cast<size_t>(cpus)), tasks_(tasks) {}

  void arm_cpu(CpuId cpu, Nanos time) {
    if (due_cpu_ == cpu) due_cpu_ = kNoCpu;
    cpus_.set(static_cast<size_t>(cpu),
              wide_key(time, rest(AgendaKind::kCpu, static_cast<uint32_t>(cpu))));
  }
  void disarm_cpu(CpuId cpu) {
    if (due_cpu_ != cpu) cpus_.clear(static_cast<size_t>(cpu));
  }
  void arm_task(TaskId task, Nanos time) {
    tasks_.set(task, wide_key(time, rest(AgendaKind::kTask, task)));
  }
  void disarm_task(TaskId task) {
    if (tasks_.holds(task)) tasks_.clear(task);
  }
  void push(Nanos time, AgendaKind kind, uint32_t id, uint32_t ticket) {
    others_.push_back({time, rest(kind, id), ticket});
    std::push_heap(others_.begin(), others_.end(), later);
  }

  // What is due next; at kNever: nothing is.
  AgendaEntry top() {
    if (due_cpu_ != kNoCpu) {
      cpus_.clear(static_cast<size_t>(due_cpu_));
      due_cpu_ = kNoCpu;
    }
    const WideKey timer = std::min(cpus_.best(), tasks_.best());
    if (!others_.empty() && others_.front().key() < timer) return others_.front();
    return {static_cast<Nanos>(timer >> 64), static_cast<uint64_t>(timer), 0};
  }

  // Takes off what top() has just given. A CPU is mostly armed anew before the next top(), which
  // saves to disarm it.
  void pop(const AgendaEntry& entry) {
    switch (entry.kind()) {
      case AgendaKind::kCpu:
        due_cpu_ = static_cast<CpuId>(entry.id());
        break;
      case AgendaKind::kTask:
        tasks_.clear(entry.id());
        break;
      default:
        std::pop_heap(others_.begin(), others_.end(), later);
        others_.pop_back();
    }
  }

  template <class Archive>
  void state(Archive& archive) {
    archive(cpus_, tasks_, others_, next_order_, due_cpu_);
  }

 private:
  uint64_t rest(AgendaKind kind, uint32_t id) { return agenda_rest(next_order_++, kind, id); }

  Tournament cpus_;
  Tournament tasks_;
  std::vector<AgendaEntry> others_;  // a heap
  uint64_t next_order_ = 0;
  CpuId due_cpu_ = kNoCpu;  // was taken off, and is still in cpus_
};

}  // namespace quanta
