// Joins each decision with its outcome, on the hot thread, and hands complete records to the cold one.
//
// A decision's record closes when its run has ended and, if it preempted a task, when that task has
// run again. One open record per task and one held per preempted task: memory is fixed. A full queue
// drops the record and counts it.
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
  void decided(TaskId task, const Act& act, const Decision& decision, TaskId victim);

  uint64_t records() const { return records_; }
  uint64_t dropped() const { return dropped_; }

  template <class Archive>
  void state(Archive& a) {
    a(open_, held_, samples_, rng_, records_, dropped_);
  }

 private:
  enum class Stage : uint8_t { kNone, kWaiting, kRunning };
  struct Open {
    Record record;
    double integral;  // of W when the run started
    Nanos since;      // of the current stage
    TaskId victim;    // not run again yet, or kNoTask
    Stage stage = Stage::kNone;
    std::array<uint8_t, 3> pad{};  // saved as bytes: none is left undefined
  };
  struct Held {  // the run ended, the victim still waits
    Record record;
    bool used = false;
    std::array<uint8_t, 7> pad{};
  };
  struct Sample {  // one decision of the current activation, for the burst head
    Act act;
    Nanos exec = 0;       // CPU time of the activation when it was decided
    uint32_t seen = 0;    // decisions of this activation so far
    uint32_t pad = 0;
  };

  void start(const Event& event);
  void stop(const Event& event);
  void end_activation(TaskId task, const TaskView& view, bool censored);
  void push(const Record& record);

  const Tracker& tracker_;
  RecordQueue& queue_;
  std::vector<Open> open_;
  std::vector<Held> held_;      // by victim
  std::vector<TaskId> preempted_by_;  // by victim: whose open record wants its restart
  std::vector<Sample> samples_;
  std::vector<Nanos> put_off_;  // by victim: since when it waits
  Rng rng_;
  uint64_t records_ = 0;
  uint64_t dropped_ = 0;
};

}  // namespace quanta
