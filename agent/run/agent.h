// The agent in one environment: its hot and its cold side, and their state as a checkpoint.
#pragma once

#include <memory>
#include <string>

#include "agent/checkpoint/checkpoint.h"
#include "agent/run/cold_side.h"
#include "agent/run/hot_side.h"

namespace quanta {

// Members in the order in which they are made.
class Agent {  // NOLINT(clang-analyzer-optin.performance.Padding)
 public:
  // Both outlive the agent. Decides like the prior; all that the hot side touches is there.
  Agent(const Config& config, Env& environment);
  // Learns from now on. Before any thread runs.
  void learn(std::unique_ptr<Learner> learner);

  // `exact`: with the state of the hot side and the environment, which must be at rest; otherwise
  // the learned policy alone. Called by the thread that runs the cold side. An error: the policy is
  // not fit to be kept.
  Status save(Checkpoint& checkpoint, bool exact);

  // Before any thread runs. After an error the agent and its environment are not usable.
  Status restore(const Checkpoint& checkpoint, bool exact);

  const Config& config;
  HotSide hot;
  Metrics metrics;
  ColdSide cold;

 private:
  Status restore_policy(const Checkpoint& checkpoint);
  Status restore_rest(const Checkpoint& checkpoint);
};

// The policy that a checkpoint holds, if it is fit to decide.
Result<Weights> read_weights(const Checkpoint& checkpoint);

// Hashes of what saved bytes mean to this version of Quanta: of the policy, without which nothing
// can be restored, and of the rest, without which no run can be continued exactly.
uint64_t policy_layout();
uint64_t state_layout();

}  // namespace quanta
