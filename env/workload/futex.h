// Sleeping and waking between tasks, of one process or of several on shared memory.
//
// The kernel's futex itself: the standard library's atomic wait spins with PAUSE first, which ends
// a virtual CPU's turn under instruction counting.
#pragma once

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <climits>
#include <cstdint>

namespace quanta::workload {

// Returns at once if the word is not `seen`; may return without a wake-up.
inline void futex_wait(std::atomic<uint32_t>& word, uint32_t seen) {
  ::syscall(SYS_futex, &word, FUTEX_WAIT, seen, nullptr, nullptr, 0);
}

inline void futex_wake(std::atomic<uint32_t>& word, int tasks) {
  ::syscall(SYS_futex, &word, FUTEX_WAKE, tasks, nullptr, nullptr, 0);
}

// A lock whose waiters sleep; once free it is whoever's comes first, as pthread's.
class Mutex {
 public:
  void lock() {
    uint32_t seen = kFree;
    if (state_.compare_exchange_strong(seen, kHeld, std::memory_order_acquire)) return;
    while (state_.exchange(kWanted, std::memory_order_acquire) != kFree) {
      futex_wait(state_, kWanted);
    }
  }

  void unlock() {
    // Pairs with the acquiring ones in lock().
    if (state_.exchange(kFree, std::memory_order_release) == kWanted) futex_wake(state_, 1);
  }

 private:
  enum State : uint32_t { kFree, kHeld, kWanted };  // kWanted: held, and somebody may sleep

  std::atomic<uint32_t> state_{kFree};
};

// A counting semaphore with one waiter.
class Semaphore {
 public:
  void post() {
    count_.fetch_add(1, std::memory_order_release);  // pairs with the exchange in take_all()
    futex_wake(count_, 1);
  }

  // Waits for at least one post and takes all there are; says how many.
  uint32_t take_all() {
    for (;;) {
      const uint32_t posted = count_.exchange(0, std::memory_order_acquire);
      if (posted > 0) return posted;
      futex_wait(count_, 0);
    }
  }

  // Waits for `n` posts, where no more than that can come.
  void take(uint32_t n) {
    for (uint32_t taken = 0; taken < n;) taken += take_all();
  }

 private:
  std::atomic<uint32_t> count_{0};
};

}  // namespace quanta::workload
