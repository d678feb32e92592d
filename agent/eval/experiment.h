// One run of one policy on one load in the simulator: what it earned and what the load's groups
// got.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agent/guard/gate.h"
#include "agent/learn/trainer.h"
#include "agent/policy/index.h"
#include "agent/policy/learned.h"
#include "agent/reward/reward_config.h"
#include "env/sim/machine.h"

namespace quanta {

// Everything that the agent's behaviour depends on.
struct AgentConfig {
  RewardConfig reward;
  IndexConfig index;
  ExplorationConfig exploration;
  LearnerConfig learner;
  TrainerConfig trainer;
  GateConfig gate;
};

// What was learnt before.
struct Learnt {
  Shape shape;
  std::string learner;  // as Learner::save() gives it
};

struct ExperimentConfig {
  AgentConfig agent;
  MachineConfig machine;
  std::optional<Learnt> learnt;  // where the policy "resumed" starts
  Nanos train = 20 * kSecond;    // learning (or settling) before anything is measured
  Nanos measure = 10 * kSecond;
  Nanos curve_step = 500 * kMillisecond;  // of the learning curve; 0: none
};

struct GroupResult {
  std::string name;
  bool batch = false;
  GroupStats stats;
};

struct CurvePoint {
  Nanos time;
  double reward;  // rate over the step that ends here
};

// What the guard said, and when.
struct Notice {
  Nanos time;
  std::string what;
};

struct Experiment {
  std::string policy;
  std::string load;
  uint64_t seed = 0;
  Nanos measured = 0;
  double reward = 0;          // rate: per CPU and time, dimensionless
  std::vector<double> terms;  // the same by term, weights applied
  std::vector<GroupResult> groups;
  std::vector<CurvePoint> curve;
  double wakeup_p50 = 0;  // ns
  double wakeup_p99 = 0;
  double min_share = 0;  // least CPU time of a task of a batch group, relative to its fair share
  double switches_per_second = 0;
  UpdateReport learning;
  std::array<Uplift, kArms> uplifts{};  // as the gate measured them (policy "full")
  Arm arm = kArmPrior;                  // which it chose in the end
  std::array<uint64_t, kInterventions> interventions{};  // of the guard, by reason
  std::vector<Notice> notices;                           // of the guard
};

// Names of all policies, in the order of tables. "resumed" is "full" that starts from what was
// learnt before.
const std::vector<std::string>& policy_names();

Result<Experiment> run_experiment(const std::string& policy, const Load& load,
                                  ExperimentConfig config);

}  // namespace quanta
