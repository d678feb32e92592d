#include "agent/run/agent.h"

#include <utility>

namespace quanta {

Agent::Agent(const Config& agent_config, Env& environment, std::unique_ptr<Learner> learner)
    : config(agent_config),
      hot(config, environment),
      metrics({.env = std::string(environment.name()), .policy = learner ? "learned" : "saved"},
              hot.metrics),
      cold(config, std::move(learner), hot, metrics) {
  if (!cold.learns()) return;
  Weights weights;
  cold.learner()->snapshot(weights);
  hot.adopt(weights);
}

}  // namespace quanta
