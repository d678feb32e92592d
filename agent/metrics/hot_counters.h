// What the hot thread counts, for a cold thread to read at any time.
//
// One writer, any number of readers; no lock, no read-modify-write instruction, no allocation. All
// accesses are relaxed: each number is exact in itself, two of them may be a few events apart.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

namespace quanta {

class HotCounter {
 public:
  void add(uint64_t n = 1) { set(value() + n); }  // writer
  // Writer: takes over a total that somebody else counts (faults of the thread, stale decisions),
  // or a level (tasks).
  void set(uint64_t total) { value_.store(total, std::memory_order_relaxed); }
  uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<uint64_t> value_{0};
};
static_assert(std::atomic<uint64_t>::is_always_lock_free);

// Why a task wanted a decision.
enum class DecisionReason : uint8_t { kWoken, kSliceEnd, kPreempted, kReasons };

// On its own cache lines: readers disturb nothing else of the hot thread's.
struct alignas(64) HotCounters {
  std::array<HotCounter, static_cast<size_t>(DecisionReason::kReasons)> decisions;
  HotCounter direct_dispatches;  // to an idle CPU, without a decision
  HotCounter preemptions;
  HotCounter context_switches;
  HotCounter records_dropped;  // for the learner, because the queue was full
  HotCounter stale_decisions;  // Env::stale_decisions()
  HotCounter weights_refused;  // KernelLink::refused()
  HotCounter weight_swaps;     // new weights that the hot thread has taken up
  HotCounter minor_faults;     // of the hot thread; stay 0 once its memory is locked
  HotCounter major_faults;

  // Levels, not counts.
  HotCounter policy_version;
  HotCounter tasks;
  HotCounter runnable_tasks;
  HotCounter env_time;  // ns, Env::now()

  HotCounter& decided(DecisionReason reason) { return decisions[static_cast<size_t>(reason)]; }
};

}  // namespace quanta
