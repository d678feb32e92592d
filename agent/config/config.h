// The whole configuration of the agent: every component's own section, composed in one place.
//
// A component adds its struct here, and one line in config.cc. Plain values; cold path only.
#pragma once

#include <string>

#include "agent/checkpoint/checkpoint_config.h"
#include "agent/decision_log/decision_log_config.h"
#include "agent/guard/gate.h"
#include "agent/learn/learner.h"
#include "agent/learn/trainer.h"
#include "agent/metrics/metrics_config.h"
#include "agent/policy/index.h"
#include "agent/policy/learned.h"
#include "agent/reward/reward_config.h"
#include "env/base/result.h"
#include "env/live/live_config.h"
#include "env/shadow/shadow_config.h"
#include "env/sim/sim_config.h"

namespace quanta {

struct Config {
  RewardConfig reward;
  IndexConfig policy;
  ExplorationConfig exploration;
  LearnerConfig learner;
  TrainerConfig trainer;
  GateConfig guard;
  SimConfig sim;        // `env.sim`; its workload's path is complete
  LiveConfig live;      // `env.live`
  ShadowConfig shadow;  // `env.shadow`
  CheckpointConfig checkpoint;
  DecisionLogConfig log;
  MetricsConfig metrics;
};

// The error holds one line per problem, in the file's order, each with file, line and key.
Result<Config> load_config(const std::string& file);

// configs/interactive.yaml as it was when this was built. It needs no file: checkpoints go to
// $STATE_DIRECTORY, as service managers set it, or to /var/lib/scx_quanta, and there is no load for
// the simulator.
Config default_config();
extern const char* const kDefaultConfigText;

}  // namespace quanta
