// Joins each decision with its outcome, on the hot thread, and hands complete records to the cold
// one.
//
// A decision's record closes when its run has ended and, if it displaced a task (preempted it, or
// its own slice ended), when that task has run again. One open record per task and one held per
// displaced task: memory is fixed. A full queue drops the record and counts it.
#pragma once

#include <boost/lockfree/spsc_queue.hpp>
#include <cstdint>
#include <vector>

#include "agent/features/tracker.h"
#include "agent/hot/record.h"
#include "env/base/rng.h"

namespace quanta {

using RecordQueue = boost::lockfree::spsc_queue<Record>;

class Journal {
 public:
  Journal(const Tracker& tracker, RecordQueue& queue, uint32_t max_tasks, uint64_t seed);

  // After Tracker::update() of the same event.
  void update(const Event& event);
  // A decision was made for a task that waits; `victim` is the task it preempts or kNoTask.
  void decided(TaskId task, const Act& act, const Grounds& grounds, const Decision& decision,
               TaskId victim);

  uint64_t records() const { return records_; }
  uint64_t dropped() const { return dropped_; }

  template <class Archive>
  void state(Archive& a) {
    a(open_, displaced_, samples_, rng_, records_, dropped_);
  }

 private:
  enum class Stage : uint8_t { kNone, kWaiting, kRunning };
  struct Open {
    Record record;
    double integral;  // of W when the run started
    double woken;     // likewise, of those just woken
    Nanos since;      // of the current stage
    TaskId victim;    // has not run again yet, or kNoTask
    Stage stage = Stage::kNone;
  };
  // What a displaced task still has to tell.
  struct Displaced {
    Record record;         // of the run that displaced it, once that has ended
    Nanos since = 0;       // when it was displaced
    TaskId by = kNoTask;   // whose open record it is otherwise
    bool held = false;     // `record` is valid
    bool running = false;  // it runs again: only its loss is missing
  };
  struct Sample {  // one decision of the current activation, for the burst head
    Act act;
    Nanos exec = 0;     // CPU time of the activation when it was decided
    uint32_t seen = 0;  // decisions of this activation so far
    uint32_t pad = 0;
  };

  void sample(TaskId task, const Act& act);
  void open(TaskId task, const Act& act, const Grounds& grounds, const Decision& decision,
            TaskId victim);
  void start(const Event& event);
  void stop(const Event& event);
  void forget(TaskId victim);
  void tell_wait(TaskId victim, Nanos now);
  void tell_loss(TaskId victim, Nanos loss);
  void end_activation(TaskId task, const TaskView& view, bool censored);
  void push(const Record& record);

  const Tracker& tracker_;
  RecordQueue& queue_;
  std::vector<Open> open_;
  std::vector<Displaced> displaced_;  // by victim
  std::vector<Sample> samples_;
  Rng rng_;
  uint64_t records_ = 0;
  uint64_t dropped_ = 0;
};

}  // namespace quanta
