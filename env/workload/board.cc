#include "env/workload/board.h"

#include <sys/mman.h>

#include <new>

#include "env/workload/clock.h"
#include "env/workload/futex.h"

namespace quanta::workload {

std::shared_ptr<Board> Board::create(size_t slots) {
  const size_t bytes = sizeof(Board) + slots * sizeof(Slot);
  void* memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return nullptr;
  return {new (memory) Board(slots), [bytes](Board* board) { ::munmap(board, bytes); }};
}

Board::Board(size_t slots) : slots_(slots) {
  for (size_t i = 0; i < slots; ++i) new (reinterpret_cast<Slot*>(this + 1) + i) Slot();
}

Nanos Board::arrive() {
  arrived_.fetch_add(1, std::memory_order_acq_rel);
  while (started_.load(std::memory_order_acquire) == 0) futex_wait(started_, 0);
  sleep_until(start_);
  return start_;
}

void Board::start(Nanos at, Window window) {
  start_ = at;
  begin_.store(window.begin, std::memory_order_relaxed);
  end_.store(window.end, std::memory_order_relaxed);
  started_.store(1, std::memory_order_release);  // pairs with the load in arrive()
  futex_wake(started_, INT_MAX);
}

}  // namespace quanta::workload
