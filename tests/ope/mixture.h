// What an off-policy estimate is about, measured: a simulated machine on which one policy decides,
// but for a twentieth of the passes for each of some others, drawn at random. The others' decisions
// have then the states that the first one's have.
#pragma once

#include <cmath>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "agent/ope/off_policy.h"
#include "tests/decision_log/simulated.h"

namespace quanta {

inline constexpr float kExplorationSd = 0.5;  // octaves

struct NamedWeights {
  std::string name;
  Weights weights;
};

// Puts those who usually compute long at a time further back, others further to the front.
inline Weights short_first(const LearnerConfig& config) {
  return along_burst(config, kActOrder, 0.4F, kExplorationSd);
}

// The logging policy first; versions count from 0.
inline std::vector<NamedWeights> some_policies(const LearnerConfig& config) {
  std::vector<NamedWeights> all = {
      {"logging", constant_policy(config, {0, -0.4F, -0.4F}, kExplorationSd)},
      {"prior", constant_policy(config, {}, kExplorationSd)},
      {"patient", constant_policy(config, {0, -0.1F, 0.2F}, kExplorationSd)},
      {"eager", constant_policy(config, {0, -0.8F, -0.8F}, kExplorationSd)},
      {"short_first", short_first(config)}};
  for (size_t p = 0; p < all.size(); ++p) {
    all[p].weights.version = p;
    all[p].weights.checksum = checksum_of(all[p].weights);
  }
  return all;
}

// Explored decisions, by who made them.
class Mixture {
 public:
  Mixture(const std::string& workload, const std::vector<NamedWeights>& policies, uint64_t seed,
          double seconds)
      : by_policy_(policies.size()) {
    const std::string file = testing::TempDir() + "mixture_" + workload + ".csv";
    const Config config = exploring_config(seed);
    const auto log = DecisionLog::open({.decisions = file, .share = 1, .limit_mib = 512},
                                       config.reward, 1, [](const std::string&) {})
                         .value();
    Rng rng(seed, 0x6d6978);
    size_t acting = 0;
    simulate(config, workload, policies[0].weights, seconds, log.get(), [&](Agent& agent) {
      constexpr uint32_t kOneIn = 20;
      const size_t dice = rng.below(kOneIn);
      const size_t next = dice < policies.size() ? dice : 0;
      if (next != acting) agent.hot.adopt(policies[next].weights);
      acting = next;
    });
    for (LoggedDecision& d : decisions_of(file)) {
      if (d.explored()) by_policy_[d.version].push_back(std::move(d));
    }
    std::filesystem::remove(file);
  }

  const std::vector<LoggedDecision>& of(size_t policy) const { return by_policy_[policy]; }

 private:
  std::vector<std::vector<LoggedDecision>> by_policy_;
};

inline Interval mean_net_reward(const std::vector<LoggedDecision>& decisions) {
  std::vector<double> values;
  values.reserve(decisions.size());
  for (const LoggedDecision& d : decisions) values.push_back(outcomes_of(d)[kNetReward]);
  return confidence(values);
}

inline std::vector<TargetPolicy> targets_of(const std::vector<NamedWeights>& policies) {
  std::vector<TargetPolicy> targets;
  for (size_t p = 1; p < policies.size(); ++p) {
    targets.push_back(network_policy(policies[p].name, policies[p].weights));
  }
  return targets;
}

}  // namespace quanta
