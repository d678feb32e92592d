// One task of a load, a process or a thread: its name, its slot, its random source, its CPU time.
#pragma once

#include <string>

#include "env/base/rng.h"
#include "env/workload/board.h"
#include "env/workload/burn.h"

namespace quanta::workload {

// What a task is given.
struct Place {
  Board* board;
  Slot* slot;
  Rng rng;
};

class Task {
 public:
  // Of the calling thread: names it (15 bytes count) and makes its timers exact.
  Task(Place place, const char* comm);

  // Waits for the common start and returns its time.
  Nanos arrive() { return board_.arrive(); }

  // Uses CPU time, and accounts for it.
  void burn(Nanos cpu);

  // Notes how much CPU time this thread has used within the window; for tasks that do not burn.
  void account();

  Window window() const { return board_.window(); }
  bool measured(Nanos t) const { return window().contains(t); }
  Slot& slot() { return slot_; }
  Rng& rng() { return rng_; }

 private:
  void account(Nanos used);

  Board& board_;
  Slot& slot_;
  Rng rng_;
  Burner burner_;
  Nanos cpu_at_begin_ = 0;
};

void name_thread(const char* comm);

}  // namespace quanta::workload
