// The simulator's section of the configuration (`env.sim`): the machine, and the load that runs on
// it. Plain values; cold path only.
#pragma once

#include <string>

#include "env/sim/machine.h"

namespace quanta {

class Section;

struct SimConfig {
  MachineConfig machine;
  std::string workload;  // a workload file or a recorded trace
};

// `dispatch` chooses what a decision costs before `dispatch_cost` and `dispatch_latency` are read:
// `kernel` (decided where the task is enqueued) or `user` (a round trip to the agent).
void read(Section& section, SimConfig& config);

}  // namespace quanta
