#include "agent/run/agent.h"

#include <utility>

#include "agent/run/gate_metrics.h"

namespace quanta {

Agent::Agent(const Config& agent_config, Env& environment)
    : config(agent_config),
      hot(config, environment),
      metrics(
          {.env = std::string(environment.name())}, hot.metrics, Metrics::monotonic,
          [&environment] { return environment.counters(); },
          [this] { return gate_metrics(cold.acting().meter); }),
      cold(config, hot, metrics) {
  hot.metrics.counters.env_time.set(environment.now());  // until the first pass
}

void Agent::learn(std::unique_ptr<Learner> learner) {
  cold.learn(std::move(learner));
  Weights weights;
  cold.learner()->snapshot(weights);
  hot.adopt(weights);
}

}  // namespace quanta
