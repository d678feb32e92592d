// Hands weights from the one learner thread to the one hot thread without locks.
//
// Snapshots are numbered; number n stands in slot n % kSnapshots. The hot thread adopts the newest
// one at quiescent(), which costs it one acquire load, and reads it without atomics until its next
// quiescent(): all decisions of one pass use the same weights. It never waits. The learner writes a
// slot only after the hot thread has adopted something newer than what stands there.
// All memory is allocated and touched by the constructor. The threads that use a Publisher are
// started after it is constructed and joined before it is destroyed.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "agent/policy/network.h"

namespace quanta {

class Publisher {
 public:
  explicit Publisher(const Weights& initial);
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;

  // Hot thread. The reference stays valid until its next quiescent().
  const Weights& current() const { return *held_; }

  // Hot thread, once per loop pass: holds no reference from current() any more.
  void quiescent() {
    // Acquire: pairs with the release in publish(), so the snapshot's bytes are seen whole.
    const uint64_t newest = published_.load(std::memory_order_acquire);
    if (newest == held_number_) return;
    held_number_ = newest;
    held_ = &pool_[newest % kSnapshots];
    // Release: pairs with the acquire in publish(), so every read of an older snapshot comes before
    // the learner overwrites it.
    adopted_.store(newest, std::memory_order_release);
  }

  // Learner thread. False, and nothing changed, while no snapshot is free (the hot thread has not
  // passed a quiescent state since the last kSnapshots - 1 publications): try again later.
  [[nodiscard]] bool publish(const Weights& weights);

  // Any thread: publications so far.
  uint64_t swaps() const { return published_.load(std::memory_order_relaxed); }

  static constexpr uint64_t kSnapshots = 4;

 private:
  // A cache line that only the learner writes, and one that only the hot thread writes.
  alignas(64) std::atomic<uint64_t> published_{0};
  std::unique_ptr<Weights[]> pool_;
  alignas(64) std::atomic<uint64_t> adopted_{0};
  uint64_t held_number_ = 0;
  const Weights* held_;
};

}  // namespace quanta
