// Turns the recorder's events, in order of time, into the tasks' programs of trace.h.
//
// What a task did between two switches is CPU time; what it waited for a CPU is left out. Events of
// tasks that were never announced are ignored, as are impossible ones (after lost events): the
// result always passes validate(). Times are CLOCK_MONOTONIC. Not thread-safe.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "bpf/intf.h"
#include "env/base/types.h"
#include "env/trace/pid_table.h"
#include "env/trace/trace.h"

namespace quanta {

struct BuilderOptions {
  Nanos start = 0;
  uint32_t cpus = 1;
  uint32_t tree = 0;     // only this process and all that it starts; 0: everything
  uint32_t exclude = 0;  // this process is left out (the recorder)
  // Take a wake-up for synchronous when the waker sleeps within kSyncWindow of CPU time after it:
  // for kernels that do not let the flag be seen.
  bool infer_sync = false;
};

class TraceBuilder {
 public:
  static constexpr Nanos kSyncWindow = 10 * kMicrosecond;

  explicit TraceBuilder(const BuilderOptions& options);

  // Short records are told by their kind; the rest of `record` is then not looked at.
  void add(const quanta_task_record& record);

  // Ends every program at `end`. Tasks that did nothing are left out. Call once.
  Trace finish(Nanos end, uint64_t lost_events);

  uint64_t events() const { return events_; }
  // Switches that must have been but were not told of: some kernels hide tasks of their own, and
  // whom these give the CPU to. The time until that one's next switch is then missing.
  uint64_t unseen() const { return unseen_; }
  size_t tasks() const { return states_.size(); }
  uint64_t bytes() const { return bytes_; }  // of the steps, about, before compression
  bool full() const;                         // at a cap of the file format

 private:
  using Index = uint32_t;
  static constexpr Index kNone = PidTable::kNone;

  enum class Where : uint8_t { kUnknown, kRunning, kRunnable, kBlocked, kDead };

  struct State {
    TraceTask task;  // `process` and kPost, kFork values are indices into states_
    uint32_t pid = 0;
    bool included = false;
    Where where = Where::kUnknown;  // kUnknown: as since the start
    Nanos since = 0;  // kRunning: CPU time is booked up to here; kBlocked: asleep since
  };

  void on_switch(const quanta_record& record);
  void on_wake(const quanta_record& record);
  void on_alive(const quanta_task_record& record);
  void on_fork(const quanta_task_record& record);
  void on_rename(const quanta_task_record& record);
  void on_exec(const quanta_task_record& record);

  void leave(const quanta_record& record, Index task);
  void enter(Index task, size_t cpu, Nanos now);
  void wake_blocked(State& state, bool by_task, Nanos now);
  void rename(State& state, const char* comm, Nanos now);
  void mark_sync(State& state);

  Index create(const quanta_task_record& record, Nanos now);
  Index find(uint32_t pid) const { return live_.find(pid); }
  Index actor(uint32_t pid);  // as find(), of a task that must be running
  void book(State& state, Nanos now);
  void step(State& state, TraceOpKind kind, uint64_t value = 0);
  Index& running(int16_t cpu);
  std::vector<bool> choose() const;

  BuilderOptions options_;
  std::vector<State> states_;
  PidTable live_;                                  // to index
  std::unordered_map<uint32_t, Index> processes_;  // by thread-group id
  std::vector<Index> running_;                     // by CPU
  uint64_t events_ = 0;
  uint64_t unseen_ = 0;
  uint64_t steps_ = 0;
  uint64_t names_ = 0;
  uint64_t bytes_ = 0;
  Nanos last_ = 0;
};

}  // namespace quanta
