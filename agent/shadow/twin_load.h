// A watched window as a load for the simulator. Pure functions; cold path.
#pragma once

#include "env/shadow/task_filter.h"
#include "env/shadow/watched_window.h"
#include "env/sim/machine.h"
#include "env/sim/program.h"

namespace quanta {

inline constexpr size_t kTwinWatched = 0;  // group of the tasks that the filter fits; 1: the others

// Every task of the window; the error says why it cannot be replayed.
Result<Load> twin_load(const WatchedWindow& window, const TaskFilter& filter);

// The machine's delays as they were seen; they stay as they are where too little was.
void calibrate(MachineConfig& machine, const MeasuredWaits& waits);

}  // namespace quanta
