// Turns the recorder's records, in order of time, into what the kernel half of `live` would have
// said, as events for the Sequencer; and measures how long tasks wait under the scheduler that
// rules.
//
// One thread. Knows every task of the machine, but reports only those that are watched. A slot is
// used again only after its task's EXIT.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "bpf/intf.h"
#include "env/base/histogram.h"
#include "env/base/types.h"
#include "env/trace/pid_table.h"

namespace quanta {

// Of the tasks that are watched.
struct MeasuredWaits {
  Histogram wakeup;  // from wake-up or fork to first run
  // Those of them that got a CPU at once.
  Histogram idle;    // one that had been idle since before the wake-up
  Histogram pushed;  // one whose task was pushed aside within kPrompt
};

class Observer {
 public:
  static constexpr Nanos kPrompt = 200 * kMicrosecond;

  using Watched = std::function<bool(const quanta_task_record&)>;
  using Report = std::function<void(const quanta_event&)>;

  Observer(uint32_t max_tasks, Watched watched, Report report);

  // Records that make no sense (after lost ones) are left out.
  void take(const quanta_task_record& record);

  // What is known of the task in a slot that was reported.
  const quanta_task_record& task(uint32_t slot) const { return tasks_[slot].known; }
  // Every task there is, thread-group leaders first.
  void each_task(const std::function<void(const quanta_task_record&)>& take) const;

  const MeasuredWaits& waits() const { return waits_; }
  void reset_waits() { waits_ = MeasuredWaits{}; }
  uint64_t refused() const { return refused_; }  // tasks beyond the table

 private:
  enum class Where : uint8_t { kGone, kAsleep, kWaiting, kRunning };

  struct Task {
    quanta_task_record known{};
    Nanos since = 0;  // it is there
    uint32_t generation = 0;
    int16_t cpu = QUANTA_NO_CPU;
    Where where = Where::kGone;
    bool watched = false;
    bool woken = false;  // kWaiting: since a wake-up
    bool early = false;  // kRunning, kAsleep: woken while it ran, maybe on its way to sleep
  };
  struct Cpu {
    uint32_t running = QUANTA_NO_SLOT;
    Nanos since = 0;  // it runs that, or is idle
  };

  void on_switch(const quanta_record& record);
  void on_wake(const quanta_record& record);
  void on_task(const quanta_task_record& record);
  void on_change(const quanta_task_record& record, uint32_t old_pid);

  void leave(uint32_t slot, const quanta_record& record, uint32_t next);
  void enter(uint32_t slot, const quanta_record& record, const Cpu& cpu);
  void make_runnable(uint32_t slot, Nanos now, uint32_t waker, uint8_t flags);
  void remove(uint32_t slot, Nanos now);
  void look_again(uint32_t slot, Nanos now);
  uint32_t find(uint32_t pid) const { return by_pid_.find(pid); }
  Cpu& cpu(int16_t id);
  void say(quanta_event_kind kind, uint32_t slot, Nanos now, uint32_t other = QUANTA_NO_SLOT);

  Watched watched_;
  Report report_;
  std::vector<Task> tasks_;
  std::vector<uint32_t> free_;  // unused slots, the next one last
  PidTable by_pid_;             // to slot
  std::vector<Cpu> cpus_;
  MeasuredWaits waits_;
  uint64_t refused_ = 0;
};

}  // namespace quanta
