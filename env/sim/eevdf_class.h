// EEVDF, the kernel's own scheduler, as a model to compare with.
//
// The rules of Stoica and Abdel-Wahab (Earliest Eligible Virtual Deadline First, 1995) as
// Linux 6.12 and later apply them: per-CPU runqueues; a task is eligible while its vruntime is not
// beyond the weighted average; the eligible one with the earliest virtual deadline runs; a running
// task is protected until its slice is used up or it is no longer eligible (RUN_TO_PARITY); lag is
// kept over sleep, where negative lag decays; a slice ends on time (MachineConfig::hrtick) or on
// the tick. CPUs: previous, else idle, else the waker's for synchronous wake-ups; an idle CPU pulls
// a waiting task; the tick evens out by one task.
#pragma once

#include <vector>

#include "env/sim/machine.h"

namespace quanta {

class EevdfClass final : public SchedClass {
 public:
  explicit EevdfClass(Machine& machine);

  void enqueue(TaskId task, TaskId waker, uint8_t flags) override;
  TaskId pick(CpuId cpu) override;
  void started(CpuId cpu, TaskId task) override;
  void stopped(CpuId cpu, TaskId task, Nanos ran, StopReason reason) override;
  bool expired(CpuId cpu) override;
  void forget(TaskId task) override;
  void save(StateSaver& saver) override;
  void load(StateLoader& loader) override;

 private:
  struct Entity {
    double vruntime = 0;  // ns at nice 0
    double deadline = 0;
    double lag = 0;  // kept while off the runqueue
    Nanos slept_at = 0;
    CpuId rq = kNoCpu;  // where it waits
    bool sleeping = true;
    template <class Archive>
    void state(Archive& a) {
      a(vruntime, deadline, lag, slept_at, rq, sleeping);
    }
  };
  struct RunQueue {
    std::vector<TaskId> waiting;
    TaskId current = kNoTask;
    Nanos charged = 0;        // up to when current's vruntime counts
    double last_average = 0;  // V when the queue was last non-empty
    Nanos next_tick = 0;
    uint64_t ticks = 0;
    template <class Archive>
    void state(Archive& a) {
      a(waiting, current, charged, last_average, next_tick, ticks);
    }
  };

  double weight(TaskId task) const { return machine_.weight(task) / double{kNiceZeroWeight}; }
  double virtual_slice(TaskId task) const { return static_cast<double>(slice_) / weight(task); }
  RunQueue& rq(CpuId cpu) { return queues_[static_cast<size_t>(cpu)]; }
  size_t load_of(CpuId cpu) {
    return rq(cpu).waiting.size() + (rq(cpu).current != kNoTask ? 1 : 0);
  }
  void update(CpuId cpu);
  double average(CpuId cpu, double* total_weight = nullptr);
  void place(CpuId cpu, TaskId task);
  void remove(CpuId cpu, TaskId task);
  TaskId best(CpuId cpu, bool with_current);
  CpuId choose_cpu(TaskId task, TaskId waker, uint8_t flags);
  CpuId busiest(CpuId except);
  void move(TaskId task, CpuId from, CpuId to);
  Nanos next_tick(CpuId cpu) const;
  void set_timer(CpuId cpu);

  template <class Archive>
  void state(Archive& a) {
    a(entities_, queues_);
  }

  Machine& machine_;
  Nanos slice_;
  std::vector<Entity> entities_;
  std::vector<RunQueue> queues_;
};

}  // namespace quanta
