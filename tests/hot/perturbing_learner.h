// A learner without torch: deterministic, it moves every weight a little in each update.
#pragma once

#include <string>

#include "agent/learn/learner.h"
#include "agent/run/hot_side.h"
#include "env/base/archive.h"
#include "env/base/rng.h"

namespace quanta {

class PerturbingLearner final : public Learner {
 public:
  explicit PerturbingLearner(const LearnerConfig& config)
      : weights_(prior_weights(config)), rng_(config.seed, 7) {
    weights_.exploration_sd = 0.5F;
    weights_.inverse_sd.fill(0.5F);
    seal();
  }

  UpdateReport update(std::span<const quanta::Sample> samples,
                      std::span<const BurstSample> bursts) override {
    double seen = static_cast<double>(bursts.size());
    for (const quanta::Sample& s : samples) seen += s.reward;
    // What is learnt depends on every sample, so that a difference between two runs shows.
    for (int l = 0; l < weights_.shape.layers; ++l) perturb(l, seen);
    ++updates_;
    seal();
    UpdateReport report;
    report.mean_reward = seen;
    report.updates = updates_;
    return report;
  }
  void snapshot(Weights& weights) const override { weights = weights_; }
  std::string save() const override {
    PerturbingLearner copy = *this;
    StateSaver saver;
    saver(copy.weights_.w, copy.weights_.b, copy.rng_, copy.updates_);
    return saver.take();
  }
  Status load(const std::string& state) override {
    StateLoader loader(state);
    loader(weights_.w, weights_.b, rng_, updates_);
    if (!loader.ok()) return fail("the learner's state does not fit");
    seal();
    return {};
  }

 private:
  void perturb(int layer, double seen) {
    const auto in = static_cast<size_t>(weights_.shape.width[static_cast<size_t>(layer)]);
    const auto out = static_cast<size_t>(weights_.shape.width[static_cast<size_t>(layer) + 1]);
    const float scale = 0.02F + 0.001F * static_cast<float>(seen - static_cast<int64_t>(seen));
    for (size_t i = 0; i < in; ++i) {
      for (size_t o = 0; o < out; ++o) {
        float& w = weights_.w[weight_offset(layer, i, o)];
        w = 0.99F * w + scale * static_cast<float>(rng_.normal());
      }
    }
  }
  void seal() {
    weights_.version = updates_;
    weights_.checksum = checksum_of(weights_);
  }

  Weights weights_;
  Rng rng_;
  uint64_t updates_ = 0;
};

}  // namespace quanta
