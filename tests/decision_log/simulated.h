// Records of real decisions: an agent that explores in the simulator, without a learner.
#pragma once

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <vector>

#include "agent/decision_log/decision_log.h"
#include "agent/decision_log/reader.h"
#include "agent/features/features.h"
#include "agent/run/agent.h"
#include "agent/run/drive.h"
#include "env/sim/load_file.h"
#include "env/sim/sim_env.h"

namespace quanta {

// A network whose residuals are the same for every decision (order, preemption, slice; octaves),
// explored with that deviation.
inline Weights constant_policy(const LearnerConfig& config, const std::array<float, kActions>& mean,
                               float sd) {
  Weights weights = prior_weights(config);
  const auto bias = bias_offset(weights.shape.layers - 1);
  for (size_t a = 0; a < kActions; ++a) weights.b[bias + kHeadOrder + a] = mean[a];
  weights.exploration_sd = sd;
  weights.checksum = checksum_of(weights);
  return weights;
}

// Half the octaves by which a task's mean burst is longer than 2^18 ns, at most 4 either way.
inline float burst_length(const Features& x) {
  return std::clamp((x[kBurstMean] - 18) / 2, -4.0F, 4.0F);
}

// A network whose residual for `action` is `size` octaves times burst_length(), the others none.
inline Weights along_burst(const LearnerConfig& config, int action, float size, float sd) {
  Weights weights = constant_policy(config, {}, sd);
  const int last = weights.shape.layers - 1;
  const auto w = [&](int layer, int in, int out) -> float& {
    return weights.w[weight_offset(layer, in, out)];
  };
  weights.mean[kBurstMean] = 18;
  weights.inverse_sd[kBurstMean] = 0.5F;
  w(0, kBurstMean, 0) = 1;  // its positive and its negative part
  w(0, kBurstMean, 1) = -1;
  for (int layer = 1; layer < last; ++layer) w(layer, 0, 0) = w(layer, 1, 1) = 1;
  w(last, 0, kHeadOrder + action) = size;
  w(last, 1, kHeadOrder + action) = -size;
  weights.checksum = checksum_of(weights);
  return weights;
}

inline Config exploring_config(uint64_t seed) {
  Config config = load_config(QUANTA_SOURCE_DIR "/configs/interactive.yaml").value();
  config.sim.machine.seed = seed;
  config.exploration.order = config.learner.order = true;
  config.guard.explore = 1;
  config.guard.compare = 0;
  return config;
}

struct Simulated {
  double reward_rate = 0;  // per CPU and time
  uint64_t records = 0;    // decisions, whatever was logged of them
};

// Lets `weights` decide for so long, exploring all the time; its decisions are offered to `log`.
// `each_pass` may have others decide from the next pass on.
inline Simulated simulate(
    const Config& config, const std::string& workload, const Weights& weights, double seconds,
    DecisionLog* log, const std::function<void(Agent&)>& each_pass = [](Agent&) {}) {
  const Load load = read_load(QUANTA_SOURCE_DIR "/configs/workloads/" + workload).value();
  SimEnv env(config.sim.machine, load, SimScheduler::kExt, static_cast<Nanos>(seconds * kSecond));
  Agent agent(config, env);
  agent.hot.adopt(weights);
  agent.cold.log_to(log);
  Simulated simulated;
  agent.cold.tell(
      [&](const Record& r) { simulated.records += r.kind == RecordKind::kDecision ? 1 : 0; });
  const Ledger::Mark mark = agent.hot.ledger.mark();
  run_lockstep(agent, {}, [&](bool) { each_pass(agent); });
  simulated.reward_rate = agent.hot.ledger.rate_since(mark);
  if (log != nullptr) log->flush();
  return simulated;
}

inline std::string content_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline std::vector<LoggedDecision> decisions_of(const std::string& file) {
  std::vector<LoggedDecision> all;
  const Status read = read_decision_log(file, [&](const LoggedDecision& d) { all.push_back(d); });
  if (!read) std::printf("%s\n", read.error().message.c_str());
  return read ? all : std::vector<LoggedDecision>();
}

}  // namespace quanta
