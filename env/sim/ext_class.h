// The sched_ext side of the simulator: idle CPUs are used at once, everything else waits for the
// agent's Decision in one shared queue ordered by key, with each task's guard time above all keys.
#pragma once

#include <span>
#include <type_traits>
#include <vector>

#include "env/base/quad_heap.h"
#include "env/env.h"
#include "env/sim/machine.h"

namespace quanta {

class ExtClass final : public SchedClass {
 public:
  explicit ExtClass(Machine& machine);

  void dispatch(std::span<const Decision> decisions);
  uint64_t stale() const { return stale_; }

  void enqueue(TaskId task, TaskId waker, uint8_t flags) override;
  TaskId pick(CpuId cpu) override;
  void started(CpuId cpu, TaskId task) override;
  void stopped(CpuId, TaskId, Nanos, StopReason) override {}
  bool expired(CpuId cpu) override;
  void arrived(TaskId task, uint32_t generation) override;
  void forget(TaskId task) override;
  void save(StateSaver& saver) override;
  void load(StateLoader& loader) override;

 private:
  struct Waiter {
    uint64_t index;
    uint64_t order;
    Nanos guard;
    TaskId task;
    uint32_t pad;
    // Equal keys, and equal guard times, in the order in which they came.
    WideKey key() const { return wide_key(index, order); }
  };
  static_assert(std::has_unique_object_representations_v<Waiter>);
  static_assert(std::has_unique_object_representations_v<Decision>);
  void place(const Decision& decision);
  static bool due_before(const Waiter& x, const Waiter& y) {
    return x.guard != y.guard ? x.guard < y.guard : x.order < y.order;
  }

  template <class Archive>
  void state(Archive& a) {
    a(queue_, reserved_, slices_, answered_, decided_, next_order_, wanted_, stale_);
  }

  Machine& machine_;
  QuadHeap<Waiter> queue_;          // the smallest key first
  Nanos soonest_ = ~Nanos{0};       // nobody's guard time in queue_ is earlier
  std::vector<TaskId> reserved_;    // per CPU: the task that comes in for a preempted one
  std::vector<uint32_t> slices_;    // per task, ns
  std::vector<uint32_t> answered_;  // per task: generation of the last decision
  std::vector<Decision> decided_;   // per task: that decision, while it has not taken effect
  uint64_t next_order_ = 0;
  uint64_t stale_ = 0;
};

}  // namespace quanta
