// What the agent knows of tasks, processes and CPUs, learnt from the environment's events alone:
// the same code for the simulator and for real kernels.
//
// One thread, the hot one. All memory is taken at construction; every update is O(1). Times in ns
// on the environment's clock. Waiting is weighted: W is the sum of w over waiting tasks, and its
// integral over time is what running tasks are charged with (caused waiting).
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "agent/features/weighing.h"
#include "env/env.h"

namespace quanta {

enum class Activity : uint8_t { kGone, kAsleep, kWaiting, kRunning };

struct TaskView {
  Nanos born = 0;
  Nanos slept_at = 0;  // when it last went to sleep
  Nanos waiting_since = 0;
  Nanos woke_at = 0;  // start of this activation
  Nanos due = 0;      // by when it must run to keep its promised share, as of the last enqueue
  Nanos started = 0;  // when it was last switched in
  Nanos exec = 0;     // CPU time since it last slept, up to `started`
  Nanos burst = kMillisecond;  // expected CPU time per activation: EWMA, 3/4 old
  Nanos last_burst = 0;
  Nanos sleep = kMillisecond;  // likewise, time asleep
  Nanos last_sleep = 0;
  Nanos wait = 0;   // EWMA of the time from runnable to running
  Nanos floor = 0;  // up to when its promised share has been served
  Nanos slice = 0;  // of the last decision
  Nanos cpu_time = 0;
  uint32_t process = 0;  // index into the process table
  uint32_t name_hash = 0;
  uint32_t pid = 0;
  uint32_t load_weight = kNiceZeroWeight;
  TaskId waker = kNoTask;  // of the last wake-up
  uint32_t waker_process = UINT32_MAX;
  float w = 1;                // reward weight, as of the last enqueue
  float rem_scale = 1;        // 2^r_burst of the last decision
  float importance = 1;       // importance_of() it, as of the last enqueue
  float peer_importance = 1;  // likewise, of the peer that woke it
  float peer_index = 0;       // index_of() that peer; 0: no peer did
  uint16_t sync_share = 0;    // EWMA, 65535 = always
  uint16_t involuntary_share = 0;
  int16_t cpu = -1;
  int16_t reward_class = -1;
  Activity activity = Activity::kGone;
  bool kernel_thread = false;
  bool woken = false;            // waiting since a wake-up (else: put back)
  std::array<uint8_t, 1> pad{};  // saved as bytes: none is left undefined
};

// The c-mu rule's index of a task of weight `w` that is expected to run for `rem` more, in ns: the
// smaller, the earlier.
inline constexpr Nanos kRemCap = 50 * kMillisecond;
inline double index_of(double rem, float w) {
  return std::min(rem, static_cast<double>(kRemCap)) / w;
}

// What a CPU runs, with what every decision about another task reads of it: as in its TaskView,
// which does not change meanwhile but for the name. One line of the cache.
struct alignas(64) CpuView {
  TaskId task = kNoTask;
  uint32_t process = 0;
  uint32_t name_hash = 0;
  float w = 1;
  float rem_scale = 1;
  uint32_t pad = 0;  // saved as bytes: none is left undefined
  Nanos slice_end = 0;
  Nanos exec_since = 0;  // exec - started: CPU time since it last slept is now() more
  Nanos burst = 0;
  std::array<uint8_t, 16> pad2{};
};
static_assert(sizeof(CpuView) == 64);

struct ProcessView {
  uint32_t id = 0;        // thread-group id
  uint32_t tasks = 0;     // 0: slot unused
  uint32_t runnable = 0;  // tasks waiting or running
  float use = 0;          // CPUs in use, exponential average over kUseTau
  Nanos use_at = 0;       // when `use` was last brought up to date
};

class Tracker {
 public:
  Tracker(const Env& env, const Weighing& weighing);

  // Takes in one event. To be called for every event, in order, before deciding on it.
  void update(const Event& event);

  const Weighing& weighing() const { return weighing_; }
  Nanos now() const { return now_; }
  Nanos granularity() const { return granularity_; }  // of the environment
  // They work on the same thing, in turns: such do not preempt each other, and follow each other in
  // the queue.
  template <class View>  // of a task, or of a CPU that runs it
  bool are_peers(const View& a, const TaskView& b) const {
    return a.process == b.process || (namesakes_are_peers_ && a.name_hash == b.name_hash);
  }
  int cpus() const { return static_cast<int>(cpu_views_.size()); }
  const TaskView& task(TaskId id) const { return tasks_[id]; }
  TaskView& task(TaskId id) { return tasks_[id]; }
  const CpuView& cpu(CpuId id) const { return cpu_views_[static_cast<size_t>(id)]; }
  CpuView& cpu(CpuId id) { return cpu_views_[static_cast<size_t>(id)]; }
  const ProcessView& process(const TaskView& view) const { return processes_[view.process]; }

  uint32_t waiting() const { return waiting_; }              // tasks
  uint32_t runnable() const { return runnable_; }            // waiting or running tasks
  uint64_t runnable_load() const { return runnable_load_; }  // sum of their load weights
  uint32_t tasks() const { return alive_; }
  double weighted_waiters() const { return weighted_waiters_; }  // W
  double waiting_integral() const { return integral_; }          // of W, weighted ns, up to now()
  double woken_integral() const { return woken_integral_; }      // likewise, of those just woken

  // CPU time since the last sleep, including the current run.
  Nanos exec(const TaskView& view) const {
    return view.exec + (view.activity == Activity::kRunning ? now_ - view.started : 0);
  }
  Nanos exec(const CpuView& view) const { return view.exec_since + now_; }  // of what it runs
  Nanos ran(TaskId id) const { return now_ - tasks_[id].started; }  // since it was switched in
  // Fair share of a process, in CPUs, were all that want the CPU now treated alike.
  float fair_use() const;
  float use(const TaskView& view) const;

  // The promised share: every task gets at least `floor_share` of its fair share (by load weight).
  // The time by which `view`, enqueued now, must run to keep it.
  Nanos guard(const TaskView& view) const;

  template <class Archive>
  void state(Archive& a) {
    a(tasks_, cpu_views_, processes_, process_index_, free_processes_, now_, weighted_waiters_,
      woken_waiters_, integral_, woken_integral_, runnable_load_, waiting_, runnable_, alive_,
      busy_processes_);
  }

 private:
  void on_new(const Event& event);
  void on_name(TaskId id);
  void on_exit(TaskId id);
  void on_runnable(const Event& event);
  void on_start(const Event& event);
  void on_stop(const Event& event);
  void set_runnable(TaskView& view, bool runnable);
  void stop_waiting(TaskView& view);
  uint32_t join_process(uint32_t id);
  void leave_process(uint32_t slot);
  size_t find_process(uint32_t id) const;
  float decayed_use(const ProcessView& process) const;
  double serving_rate(const TaskView& view) const;

  const Env& env_;
  const Weighing& weighing_;
  Nanos granularity_;
  bool namesakes_are_peers_;
  std::vector<TaskView> tasks_;
  std::vector<CpuView> cpu_views_;
  std::vector<ProcessView> processes_;
  std::vector<uint32_t> process_index_;  // open addressing: slot + 1, 0: empty
  std::vector<uint32_t> free_processes_;
  Nanos now_ = 0;
  double weighted_waiters_ = 0;
  double woken_waiters_ = 0;  // the part of W that waits since a wake-up
  double integral_ = 0;
  double woken_integral_ = 0;
  uint64_t runnable_load_ = 0;
  uint32_t waiting_ = 0;
  uint32_t runnable_ = 0;
  uint32_t alive_ = 0;
  uint32_t busy_processes_ = 0;
};

// FNV-1a of a task's name without trailing digits and separators: "worker/12" and "worker/3" are
// one.
uint32_t name_hash(const char* comm);

}  // namespace quanta
