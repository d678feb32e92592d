// A simulated machine: CPUs, tasks running their programs, the agenda, and what everything costs.
//
// Discrete events, virtual time, one thread. Which task runs where is the business of a SchedClass,
// as in the kernel; the machine accounts CPU time, executes programs and reports Events. Limits: 64
// CPUs.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <type_traits>
#include <vector>

#include "env/base/histogram.h"
#include "env/base/rng.h"
#include "env/base/types.h"
#include "env/env.h"
#include "env/sim/event_queue.h"
#include "env/sim/event_sink.h"
#include "env/sim/program.h"

namespace quanta {

struct MachineConfig {
  static constexpr size_t kStartDelays = 32;

  int cpus = 4;
  uint64_t seed = 1;
  Nanos switch_cost = 2 * kMicrosecond;     // paid by the task that is switched in
  Nanos migration_cost = 3 * kMicrosecond;  // in addition, on another CPU than the last one
  Nanos tick = 4 * kMillisecond;            // HZ=250
  bool hrtick = true;                       // EEVDF's slices end on time (HRTICK), not on the tick
  Nanos dispatch_cost = 100;                // CPU time of one decision, paid like a switch
  Nanos dispatch_latency = 0;               // until a decision takes effect (`dispatch: user`)
  // How long a CPU takes until it runs a task that it is given at once, when it was idle and when
  // it was told to preempt: as many quantiles, ns, of which one is drawn each time. All 0: no time.
  std::array<uint32_t, kStartDelays> idle_delay{};
  std::array<uint32_t, kStartDelays> push_delay{};
};

enum class TaskState : uint8_t { kFree, kEmbryo, kSleeping, kBlocked, kRunnable, kRunning };

struct SimTask {
  Rng rng;
  Nanos remaining = 0;  // CPU time left of the current kRun
  Nanos runnable_since = 0;
  Nanos wake_time = 0;  // of the last wake-up; 0 once it has started
  Nanos stamp = 0;
  Nanos period = 0;
  Nanos period_next = 0;
  Nanos cpu_time = 0;
  uint32_t program = 0;
  uint32_t pc = 0;
  uint32_t generation = 0;
  TaskId parent = kNoTask;
  TaskId sender = kNoTask;  // of the last message
  TaskId next_waiter = kNoTask;
  uint32_t load_index = UINT32_MAX;  // into Load::tasks, if it came from there
  uint32_t own_messages = 0;
  uint32_t repeats = 0;
  CpuId last_cpu = kNoCpu;
  TaskState state = TaskState::kFree;
  bool waits_own = false;
  bool cold = false;  // stopped involuntarily since it last slept: pays cache_refill
  std::array<uint8_t, 5> pad{};
};
// State is saved as bytes: without padding, equal states are equal bytes.
static_assert(std::has_unique_object_representations_v<SimTask>);

struct SimCpu {
  Nanos started = 0;    // when `running` was switched in
  Nanos accounted = 0;  // up to when its time has been charged
  Nanos overhead = 0;   // switch cost still to pay
  Nanos work = 0;       // done since `started`
  Nanos burst_end = 0;
  Nanos expiry = 0;  // the class's timer; ~0: none
  TaskId running = kNoTask;
  TaskId last = kNoTask;
};
static_assert(std::has_unique_object_representations_v<SimCpu>);

// What a group of tasks got; see LoadGroup.
struct GroupStats {
  Histogram wakeup;    // wake-up to first run
  Histogram response;  // kBegin..kEnd
  uint64_t done = 0;
  uint64_t misses = 0;  // responses beyond the deadline, and periods skipped
  Nanos work = 0;       // CPU time spent in kRun
  Nanos overhead = 0;   // CPU time spent on switches, migrations and refills
  Nanos wait = 0;       // time spent runnable, off the CPU
  uint64_t switches = 0;
  uint64_t preempted = 0;
};
static_assert(std::has_unique_object_representations_v<GroupStats>);

class Machine;

// Decides which task runs where. All calls come from the machine, in its one thread.
class SchedClass {
 public:
  virtual ~SchedClass() = default;
  // `task` is runnable from now on. The class queues it, or starts it on an idle CPU.
  virtual void enqueue(TaskId task, TaskId waker, uint8_t flags) = 0;
  // The next task for a CPU that runs nothing, or kNoTask.
  virtual TaskId pick(CpuId cpu) = 0;
  // `task` was switched in; the class may set its timer.
  virtual void started(CpuId cpu, TaskId task) = 0;
  virtual void stopped(CpuId cpu, TaskId task, Nanos ran, StopReason reason) = 0;
  // The class's timer on `cpu` has fired. True: its task goes back to the queue; else set it again.
  virtual bool expired(CpuId cpu) = 0;
  virtual void arrived(TaskId, uint32_t) {}  // an AgendaKind::kArrival entry is due
  virtual void timer(uint32_t) {}            // an AgendaKind::kClass entry is due
  virtual void forget(TaskId) {}             // the task is gone
  virtual void save(class StateSaver&) = 0;
  virtual void load(class StateLoader&) = 0;

  bool waits_for_decisions() const { return wanted_ > 0; }

 protected:
  uint64_t wanted_ = 0;  // decisions asked for and not given
};

class Machine {
 public:
  Machine(const MachineConfig& config, const Load& load);

  void attach(SchedClass& sched);
  // Goes on until `out` holds events worth handing over, decisions are wanted, or `until` is
  // reached.
  void advance(EventSink& out, Nanos until);

  Nanos now() const { return now_; }
  const MachineConfig& config() const { return config_; }
  const Load& load() const { return load_; }
  uint32_t max_tasks() const { return static_cast<uint32_t>(tasks_.size()); }
  const TaskInfo& info(TaskId id) const { return infos_[id]; }
  const std::vector<GroupStats>& stats() const { return stats_; }
  void reset_stats();
  uint64_t agenda_entries() const { return entries_; }
  // CPU time until the task next leaves the CPU of its own accord: what a clairvoyant knows. Exact
  // unless another task's message comes in between.
  Nanos true_remaining(TaskId id) const;

  // A hash of the machine's size, seed and load: state goes back only into a machine of the same
  // one.
  uint64_t shape() const;

  // For scheduling classes.
  SimTask& task(TaskId id) { return tasks_[id]; }
  const SimTask& task(TaskId id) const { return tasks_[id]; }
  const SimCpu& cpu(CpuId id) const { return cpus_[static_cast<size_t>(id)]; }
  int cpus() const { return config_.cpus; }
  uint32_t weight(TaskId id) const { return infos_[id].weight; }
  uint64_t idle_mask() const { return idle_; }
  bool idle(CpuId c) const { return (idle_ >> c) & 1; }
  Nanos ran(CpuId c) const {  // since it was switched in
    return now_ > cpu(c).started ? now_ - cpu(c).started : 0;
  }
  void start(CpuId cpu, TaskId task);           // on a CPU that runs nothing
  void put_back(CpuId cpu, StopReason reason);  // stops, enqueues again, and picks anew
  void preempt(CpuId cpu) { preempts_ |= uint64_t{1} << cpu; }  // as soon as its program allows
  void set_expiry(CpuId cpu, Nanos at);
  void at(Nanos time, AgendaKind kind, uint32_t id, uint32_t ticket) {
    agenda_.push(time, kind, id, ticket);
  }
  // Happens now; what is not given is as in an event of a kind that does not use it.
  Event event(EventKind kind, TaskId task, TaskId other = kNoTask) const {
    return {.time = now_,
            .ran = 0,
            .work = 0,
            .task = task,
            .other = other,
            .generation = 0,
            .cpu = static_cast<int16_t>(kNoCpu),
            .kind = kind,
            .flags = 0,
            .reason = {},
            .pad = {}};
  }
  // Reports such an event, which the caller completes before the next one. Written member by member
  // where it stays: a copy would wait for the stores of its parts.
  Event& emit(EventKind kind, TaskId task, TaskId other = kNoTask) {
    Event& e = out_->add();
    e.time = now_;
    e.ran = e.work = 0;
    e.task = task;
    e.other = other;
    e.generation = 0;
    e.cpu = static_cast<int16_t>(kNoCpu);
    e.kind = kind;
    e.flags = 0;
    e.reason = {};
    std::memset(e.pad, 0, sizeof e.pad);
    return e;
  }

  template <class Archive>
  void state(Archive& a) {
    a(now_, entries_, agenda_, tasks_, infos_, cpus_, channels_, stats_, free_, idle_, picks_,
      preempts_, epoch_, spawned_, load_slots_);
  }

 private:
  struct Message {
    Nanos stamp = 0;
    TaskId sender = kNoTask;
    uint32_t pad = 0;
  };
  static_assert(std::has_unique_object_representations_v<Message>);
  struct Channel {
    std::vector<Message> ring;
    uint32_t head = 0;
    uint32_t count = 0;
    TaskId first_waiter = kNoTask;
    TaskId last_waiter = kNoTask;
    template <class Archive>
    void state(Archive& a) {
      a(ring, head, count, first_waiter, last_waiter);
    }
  };

  Nanos draw(const Dist& dist, Rng& rng) const;
  TaskId spawn(uint32_t program, uint32_t process, TaskId parent);
  TaskId spawn_listed(uint32_t index, TaskId parent);
  void begin(TaskId id, TaskId waker);
  void restart();
  void dismiss(uint32_t group);
  bool dismissed(TaskId id) const {
    return now_ >= load_.groups[load_.programs[tasks_[id].program].group].until;
  }
  void finish(TaskId id);
  Nanos start_delay(CpuId cpu, TaskId task) const;  // 0 if it was not given at once
  void charge(CpuId cpu);
  void stop(CpuId cpu, StopReason reason);
  void arm(CpuId cpu);
  void cpu_event(CpuId cpu);
  void task_event(TaskId id);
  void wake(TaskId id, TaskId waker, bool sync);
  // Executes operations that take no time. False: the task has left the CPU (blocked, asleep,
  // gone).
  bool execute(TaskId id);
  bool receive(TaskId id, uint32_t channel);  // false: it holds no message
  void wait_for(TaskId id, uint32_t channel);
  void post(uint32_t channel, Message message, TaskId waker, bool sync);
  void post_own(TaskId id, TaskId waker, bool sync);

  MachineConfig config_;
  Load load_;
  SchedClass* sched_ = nullptr;
  EventSink* out_ = nullptr;

  Nanos now_ = 0;
  uint64_t entries_ = 0;
  EventQueue agenda_;
  std::vector<SimTask> tasks_;
  std::vector<TaskInfo> infos_;
  std::vector<SimCpu> cpus_;
  std::vector<Channel> channels_;
  std::vector<GroupStats> stats_;
  std::vector<TaskId> free_;        // unused slots, the next one last
  std::vector<TaskId> load_slots_;  // LoadTask index -> slot
  uint64_t idle_ = 0;
  uint64_t picks_ = 0;     // CPUs that run nothing and have not looked for work yet
  uint64_t preempts_ = 0;  // CPUs whose task goes back to the queue
  uint32_t epoch_ = 0;     // restarts of the load so far
  uint64_t spawned_ = 0;   // seeds the next task's stream
};

}  // namespace quanta
