// A contextual bandit with a known optimum, played by the published network as the agent plays it.
#pragma once

#include <functional>
#include <vector>

#include "agent/learn/learner.h"
#include "env/base/rng.h"

namespace quanta {

using Actions = std::array<float, kActions>;

class ContextualBandit {
 public:
  // `best`: the actions that a context wants; the reward is minus the squared distance from them.
  ContextualBandit(std::function<Actions(const Features&)> best, uint64_t seed)
      : best_(std::move(best)), rng_(seed) {}

  Features context() {
    Features x;
    for (float& v : x) v = static_cast<float>(10 + 3 * rng_.normal());
    return x;
  }
  std::vector<Sample> play(const Learner& learner, size_t n) {
    Weights weights;
    learner.snapshot(weights);
    std::vector<Sample> out(n);
    for (Sample& s : out) {
      s.x = context();
      s.mean = policy(weights, s.x);
      s.sd = weights.exploration_sd;
      for (size_t a = 0; a < kActions; ++a) {
        s.taken[a] = s.mean[a] + s.sd * static_cast<float>(rng_.normal());
      }
      s.reward = -distance(s.taken, best_(s.x));
    }
    return out;
  }
  // Mean squared distance of the policy's actions from the best, without exploration.
  double regret(const Learner& learner) {
    Weights weights;
    learner.snapshot(weights);
    double sum = 0;
    for (int i = 0; i < 1'000; ++i) {
      const Features x = context();
      sum += distance(policy(weights, x), best_(x));
    }
    return sum / 1'000;
  }

 private:
  static Actions policy(const Weights& weights, const Features& x) {
    Outputs y;
    forward(weights, x, y);
    return {y[kHeadOrder], y[kHeadPreempt], y[kHeadSlice]};
  }
  static float distance(const Actions& a, const Actions& b) {
    float sum = 0;
    for (size_t i = 0; i < kActions; ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
    return sum;
  }

  std::function<Actions(const Features&)> best_;
  Rng rng_;
};

inline LearnerConfig small_learner() {
  LearnerConfig config;
  config.order = true;
  config.batch = 1'024;
  config.learning_rate = 3e-3;
  config.mean_penalty = 0;
  config.hidden = 16;
  config.layers = 2;
  return config;
}

inline std::unique_ptr<Learner> learner_of(const LearnerConfig& config) {
  Result<std::unique_ptr<Learner>> learner = make_learner(config);
  if (!learner) throw std::runtime_error(learner.error().message);
  return *std::move(learner);
}

inline Weights snapshot_of(const Learner& learner) {
  Weights weights;
  learner.snapshot(weights);
  return weights;
}

}  // namespace quanta
