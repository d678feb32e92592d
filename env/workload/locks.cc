// Threads that compute, then take a lock and compute while they hold it: whoever takes the CPU from
// the holder holds up all that wait for the lock.
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include "env/workload/clock.h"
#include "env/workload/draw.h"
#include "env/workload/futex.h"
#include "env/workload/kind.h"

namespace quanta::workload {
namespace {

constexpr Param kLocksParams[] = {
    {"threads", Param::kNumber, 8, 1, 512, "threads of one process"},
    {"locks", Param::kNumber, 1, 1, 4096, "drawn from for each operation"},
    {"outside", Param::kDuration, 300 * kMicrosecond, kMicrosecond, kSecond,
     "mean CPU time before the lock is wanted, 0.3 to 1.7 of it"},
    {"inside", Param::kDuration, 30 * kMicrosecond, kMicrosecond, kSecond,
     "mean CPU time while it is held, 0.3 to 1.7 of it"},
};

constexpr Nanos kInterrupted = 50 * kMicrosecond;  // off the CPU, far beyond an interrupt handler

struct alignas(64) Lock {
  Mutex mutex;
  std::atomic<Nanos> held_off{0};  // how long its holders were off the CPU, all together
};

// Returns when the lock has been taken.
Nanos take(Task& task, Lock& lock) {
  Slot& slot = task.slot();
  const Nanos want = now();
  const Nanos off_before = lock.held_off.load(std::memory_order_relaxed);
  slot.wakeup.start(want);
  lock.mutex.lock();
  const Nanos have = now();
  slot.wakeup.stop(have, task.window());
  // Of the first of these interruptions, some may have been over before the lock was wanted.
  const Nanos off = lock.held_off.load(std::memory_order_relaxed) - off_before;
  if (task.measured(want)) slot.blamed.add(std::min(off, have - want));
  return have;
}

void work_inside(Task& task, Lock& lock, Nanos have, Nanos cpu) {
  Slot& slot = task.slot();
  const Nanos cpu_before = cpu_time();
  task.burn(cpu);
  const Nanos used = cpu_time() - cpu_before;
  const Nanos end = now();
  const Nanos off = end - have - used;
  lock.held_off.fetch_add(off, std::memory_order_relaxed);
  lock.mutex.unlock();
  if (!task.measured(end)) return;
  slot.response.add(off);
  ++slot.done;
  if (off > kInterrupted) ++slot.missed;
}

void operate(std::vector<Lock>& locks, Place place, Nanos outside, Nanos inside) {
  Task task(place, "locker");
  task.arrive();
  for (;;) {
    const Nanos before = around(task.rng(), outside);
    const Nanos held = around(task.rng(), inside);
    const double which = task.rng().uniform() * static_cast<double>(locks.size());
    Lock& lock = locks[static_cast<size_t>(which)];
    if (task.measured(now())) task.slot().demanded += before + held;
    task.burn(before);
    work_inside(task, lock, take(task, lock), held);
  }
}

int run_locks(const Group& group) {
  const Params& params = group.params();
  std::vector<Lock> locks(params.count("locks"));
  std::vector<std::thread> threads;
  threads.reserve(group.size());
  for (size_t i = 0; i < group.size(); ++i) {
    threads.emplace_back(operate, std::ref(locks), group.place(i), params.duration("outside"),
                         params.duration("inside"));
  }
  for (;;) ::pause();
}

}  // namespace

const Kind kLocks = {
    .name = "locks",
    .summary = "threads that take turns at locks",
    .params = kLocksParams,
    .tasks = [](const Params& params) { return params.count("threads"); },
    .run = run_locks,
    .wakeup = "lock_wait_seconds",
    .response = "held_off_cpu_seconds",
    .rate = "operations_per_second",
    .missed = "interrupted_holds",
    .fixed = never_fixed,
    .missed_share = "interrupted_share",
    .blamed = "lock_wait_interrupted_seconds",
};

}  // namespace quanta::workload
