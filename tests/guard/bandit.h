// A gate whose arms earn what a test says: one task on one CPU, of whose run time a part is useful.
#pragma once

#include <cmath>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "agent/guard/gate.h"
#include "env/base/archive.h"
#include "tests/features/stage.h"
#include "tests/policy/random_net.h"

namespace quanta {

// Reward of `arm` during a round, in [0, 1].
using ArmReward = std::function<double(Arm arm, uint64_t round)>;

class Bandit {
 public:
  Bandit(const GateConfig& config, uint64_t seed, ArmReward reward)
      : publisher_(net()),
        reward_(std::move(reward)),
        rewards_(throughput_only()),
        ledger_(stage_.tracker, rewards_),
        policy_(publisher_, IndexConfig{}, ExplorationConfig{}, seed),
        gate_(config, ledger_, seed) {
    stage_.tell([&](const Event& e) { ledger_.update(e); });
    stage_.appear(0, 0);
    stage_.direct(0, 0, 0);
    stage_.start(0, 0);
    gate_.update(0, policy_);
  }

  const Gate& gate() const { return gate_; }
  // Lets the arm that acts run for a while.
  void step(Nanos us = 10'000) {
    now_ += us;
    const double part = reward_(gate_.acting(), gate_.rounds());
    stage_.stop(now_, 0, StopReason::kPreempted,
                static_cast<Nanos>(std::llround((1 - part) * static_cast<double>(us))));
    stage_.put_back(now_, 0);
    stage_.start(now_, 0);
    gate_.update(now_ * kMicrosecond, policy_);
  }
  void rounds(uint64_t n) {
    const uint64_t end = gate_.rounds() + n;
    while (gate_.rounds() < end) step();
  }
  // One window's arm; an exploring window is -1.
  int window() {
    const int acting = gate_.exploring() ? -1 : gate_.acting();
    for (int i = 0; i < 20; ++i) step();
    return acting;
  }
  std::vector<int> windows(int n) {
    std::vector<int> out;
    out.reserve(static_cast<size_t>(n));
    for (int i = 0; i < n; ++i) out.push_back(window());
    return out;
  }

  std::string save() {
    StateSaver saver;
    saver(stage_.tracker, ledger_, policy_, gate_, now_);
    return saver.take();
  }
  bool load(const std::string& state) {
    StateLoader loader(state);
    loader(stage_.tracker, ledger_, policy_, gate_, now_);
    return loader.ok();
  }

 private:
  static RewardConfig throughput_only() {
    RewardConfig config;
    config.weight = {};
    config.weight[kTermThroughput] = 1;
    return config;
  }
  static Weights net() {
    Rng rng(1);
    return random_net(rng);
  }

  Publisher publisher_;
  ArmReward reward_;
  RewardConfig rewards_;
  Stage stage_{1};
  Ledger ledger_;
  LearnedPolicy policy_;
  Gate gate_;
  Nanos now_ = 0;  // us
};

// Every window compares; no arm is heard less after a while.
inline GateConfig comparing() {
  GateConfig config;
  config.explore = 0;
  config.compare = 1;
  config.settled = 1;
  config.rollback = false;  // nobody would answer
  return config;
}

}  // namespace quanta
