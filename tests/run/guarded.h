// An agent in the simulator, with whatever learner, whose reward is followed window by window
// beside that of the prior on the same load and seed.
#pragma once

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "agent/policy/baselines.h"
#include "agent/run/agent.h"
#include "agent/run/drive.h"
#include "env/sim/load_file.h"
#include "env/sim/sim_env.h"

namespace quanta {

class Guarded {
 public:
  static constexpr Nanos kStep = 2 * kSecond;  // of the curve

  // `judge`: weights of the reward's terms for the curve.
  Guarded(const Config& config, const std::string& workload, std::unique_ptr<Learner> learner,
          const std::array<double, kTerms>& judge)
      : config_(config),
        judge_(judge),
        load_(read_load(QUANTA_SOURCE_DIR "/configs/workloads/" + workload).value()),
        env_(config_.sim.machine, load_, SimScheduler::kExt, 0),
        agent_(std::make_unique<Agent>(config_, env_)) {
    if (learner) agent_->learn(std::move(learner));
  }

  Guarded(const Config& config, const std::string& workload, std::unique_ptr<Learner> learner)
      : Guarded(config, workload, std::move(learner), config.reward.weight) {}

  Agent& agent() { return *agent_; }
  uint64_t count(Intervention reason) const { return agent_->hot.meter.interventions(reason); }
  uint64_t rollbacks() const {
    return count(Intervention::kActingWorse) + count(Intervention::kLearnedWorse);
  }
  Nanos now() const { return env_.now(); }
  const std::vector<double>& curve() const { return curve_; }

  void run(double seconds, const std::function<bool()>& stop = {}) {
    const Nanos end = env_.now() + static_cast<Nanos>(seconds * kSecond);
    env_.extend(end);
    Ledger::Mark mark = agent_->hot.ledger.mark();
    while (!env_.finished()) {
      agent_->hot.loop.step();
      agent_->cold.step();
      agent_->hot.publisher.quiescent();
      if (env_.now() >= mark.time + kStep) {
        const Ledger::Mark now = agent_->hot.ledger.mark();
        double sum = 0;
        for (size_t i = 0; i < kTerms; ++i) sum += judge_[i] * (now.terms[i] - mark.terms[i]);
        curve_.push_back(sum / (static_cast<double>(now.time - mark.time) * env_.cpus()));
        mark = now;
      }
      if (stop && stop()) return;
    }
  }

  // The prior's curve on the same load: `seconds` from the start.
  static std::vector<double> prior(const Config& config, const std::string& workload,
                                   double seconds) {
    const Load load = read_load(QUANTA_SOURCE_DIR "/configs/workloads/" + workload).value();
    SimEnv env(config.sim.machine, load, SimScheduler::kExt, static_cast<Nanos>(seconds * kSecond));
    Tracker tracker(env, config.reward.weighing);
    Ledger ledger(tracker, config.reward);
    IndexPolicy policy(config.policy);
    HotLoop loop(env, tracker, &policy, &ledger);
    std::vector<double> curve;
    Ledger::Mark mark = ledger.mark();
    while (!env.finished()) {
      loop.step();
      if (env.now() < mark.time + kStep) continue;
      curve.push_back(ledger.rate_since(mark));
      mark = ledger.mark();
    }
    return curve;
  }

 private:
  Config config_;
  std::array<double, kTerms> judge_;
  Load load_;
  SimEnv env_;
  std::unique_ptr<Agent> agent_;
  std::vector<double> curve_;
};

inline double mean_of_last(const std::vector<double>& curve, size_t n) {
  n = std::min(n, curve.size());
  double sum = 0;
  for (size_t i = curve.size() - n; i < curve.size(); ++i) sum += curve[i];
  return n > 0 ? sum / static_cast<double>(n) : 0;
}

}  // namespace quanta
