// The two ways to run an agent: in one thread, or with the hot and the cold side in threads of
// their own.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>

#include "agent/run/agent.h"

namespace quanta {

// When a run ends by itself.
struct Limits {
  Nanos until = UINT64_MAX;       // on the environment's clock
  uint64_t updates = UINT64_MAX;  // of the learner, in this run and those that it continues
  const std::atomic<bool>* interrupted = nullptr;
  double learner_cpu = 1;  // run_concurrent(): of one CPU, for training; 1: no bound
  // run_concurrent(): of the cold side when there is nothing to do.
  std::chrono::milliseconds pause{10};
};

// What there is to do between two steps of the cold side; `at_rest`: the hot side stands still.
using Chores = std::function<void(bool at_rest)>;

// Acts and learns in turns, in the calling thread: for environments that wait for the agent. The
// same state goes on to the same run, to the byte.
void run_lockstep(Agent& agent, const Limits& limits, const Chores& chores);

// Acts in a thread of its own and learns in the calling one; both have ended when it returns. The
// error: the environment would not begin.
Status run_concurrent(Agent& agent, const Limits& limits, const Chores& chores);

// Whichever of the two the environment wants.
Status run(Agent& agent, const Limits& limits, const Chores& chores);

}  // namespace quanta
