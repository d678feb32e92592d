// What all processes of a run share: the start, the measured window, and one slot per task.
//
// Shared memory, made before the first fork. A slot has one writer, its task; the slots are read
// when all tasks have ended. Times are of the wall clock (CLOCK_MONOTONIC).
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "env/base/histogram.h"
#include "env/base/types.h"

namespace quanta::workload {

// [begin, end)
struct Window {
  Nanos begin;
  Nanos end;
  bool contains(Nanos t) const { return t >= begin && t < end; }
};

// Durations of something that starts and stops, in turn. What started within the window counts;
// what had not stopped when the run ended counts with its age then, so that starving is not
// overlooked.
class Span {
 public:
  void start(Nanos at) { since_ = at; }
  void stop(Nanos at, Window window) {
    if (window.contains(since_)) histogram_.add(at - since_);
    since_ = 0;
  }
  void add(Nanos duration) { histogram_.add(duration); }

  // For what has no end of its own to wait for: ages below this do not count at the run's end.
  void tolerate(Nanos age) { tolerated_ = age; }

  // After the task has ended.
  Histogram result(Window window) const {
    Histogram all = histogram_;
    if (since_ > 0 && since_ + tolerated_ < window.end) all.add(window.end - since_);
    return all;
  }

 private:
  Histogram histogram_;
  Nanos since_ = 0;
  Nanos tolerated_ = 0;
};

// Of one task, within the window.
struct alignas(64) Slot {
  Span wakeup;
  Span response;
  Histogram blamed;        // parts of waits that a task which did not run is to blame for
  uint64_t done = 0;       // units of work
  uint64_t missed = 0;     // units dropped for being late, or spoilt
  Nanos demanded = 0;      // CPU time that the load asked for; depends on the seed alone
  Nanos cpu = 0;           // CPU time that the task got
  Nanos child_cpu = 0;     // and that its children got which ended
  Nanos completed_at = 0;  // wall clock, of a task with a fixed amount of work
};

class alignas(64) Board {
 public:
  // Null without memory.
  static std::shared_ptr<Board> create(size_t slots);

  std::span<Slot> slots() { return {reinterpret_cast<Slot*>(this + 1), slots_}; }

  // A task has set itself up: waits until all have; returns the start's time.
  Nanos arrive();

  uint32_t arrived() const { return arrived_.load(std::memory_order_acquire); }
  void start(Nanos at, Window window);
  void set_end(Nanos at) { end_.store(at, std::memory_order_relaxed); }
  Window window() const {
    return {begin_.load(std::memory_order_relaxed), end_.load(std::memory_order_relaxed)};
  }

 private:
  explicit Board(size_t slots);

  size_t slots_;
  Nanos start_ = 0;
  std::atomic<uint32_t> arrived_{0};
  std::atomic<uint32_t> started_{0};
  std::atomic<Nanos> begin_{0};
  std::atomic<Nanos> end_{0};
};

}  // namespace quanta::workload
