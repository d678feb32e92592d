// Life of a run: every group in a process of its own, a common start, the measured window, the end.
//
// The end is the same whatever happened: SIGKILL for all that is left, and every process reaped.
// What a load has done by then is in the board, so nothing has to be asked of tasks that may be
// starving.
#pragma once

#include <memory>
#include <vector>

#include "env/workload/board.h"
#include "env/workload/spec.h"

namespace quanta::workload {

struct RunOptions {
  Nanos measured = 5 * kSecond;  // at most, where the groups' work is fixed
  Nanos warmup = kSecond;
  uint64_t seed = 1;
};

struct Outcome {
  int exit_code = 0;             // if not 0, why is on stderr; 128 + signal after a signal
  std::shared_ptr<Board> board;  // slots in the groups' order
  Window window{};
};

// Call once, from a process with one thread: it changes signal masks and adopts orphans.
Outcome run(const std::vector<GroupSpec>& groups, const RunOptions& options);

}  // namespace quanta::workload
