#include "agent/policy/publisher.h"

#include <algorithm>

namespace quanta {

Publisher::Publisher(const Weights& initial)
    : pool_(std::make_unique<Weights[]>(kSnapshots)), held_(&pool_[0]) {
  std::fill_n(pool_.get(), kSnapshots, initial);
}

bool Publisher::publish(const Weights& weights) {
  const uint64_t next = published_.load(std::memory_order_relaxed) + 1;  // own store
  // Acquire: pairs with the release in quiescent(). The slot holds number next - kSnapshots, and
  // the hot thread, whose view only moves forward, has left every number below the adopted one.
  if (next >= adopted_.load(std::memory_order_acquire) + kSnapshots) return false;
  pool_[next % kSnapshots] = weights;
  // Release: pairs with the acquire in quiescent().
  published_.store(next, std::memory_order_release);
  return true;
}

}  // namespace quanta
