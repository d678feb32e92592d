// Learned policies that harm, with the real loops and the real learner: the machine ends as well
// off as with the prior, within the bound that guard.h states, and it is counted.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <cstring>
#include <filesystem>
#include <limits>

#include "agent/checkpoint/store.h"
#include "agent/learn/normaliser.h"
#include "agent/run/gate_metrics.h"
#include "agent/run/resume.h"
#include "env/base/archive.h"
#include "tests/run/guarded.h"

namespace quanta {
namespace {

constexpr const char* kLoad = "game_hogs.yaml";

Config shipped() {
  return load_config(QUANTA_SOURCE_DIR "/configs/interactive.yaml").value();
}

std::unique_ptr<Learner> torch(const Config& config) {
  Result<std::unique_ptr<Learner>> made = make_learner(config.learner);
  EXPECT_TRUE(made) << made.error().message;
  return *std::move(made);
}

// Passes on what a test may change.
class Tampered : public Learner {
 public:
  explicit Tampered(std::unique_ptr<Learner> learner) : learner_(std::move(learner)) {}
  UpdateReport update(std::span<const quanta::Sample> samples,
                      std::span<const BurstSample> bursts) override {
    return learner_->update(samples, bursts);
  }
  void snapshot(Weights& weights) const override { learner_->snapshot(weights); }
  void explore_anew() override { learner_->explore_anew(); }
  std::string save() const override { return learner_->save(); }
  Status load(const std::string& state) override { return learner_->load(state); }

 private:
  std::unique_ptr<Learner> learner_;
};

// Learns to earn as little as it can.
class Adversary final : public Tampered {
 public:
  using Tampered::Tampered;
  UpdateReport update(std::span<const quanta::Sample> samples,
                      std::span<const BurstSample> bursts) override {
    std::vector<quanta::Sample> flipped(samples.begin(), samples.end());
    for (quanta::Sample& s : flipped) s.reward = -s.reward;
    return Tampered::update(flipped, bursts);
  }
};

// A network of the same shape that turns the order round: who computes much at a time goes before
// what has who computes little, by up to 6.6 octaves; switches look cheap, slices are short. Or,
// `huge`, no such network.
void poison(Weights& weights, float strength) {
  const int last = weights.shape.layers - 1;
  weights.w = {};
  weights.b = {};
  const auto w = [&](int layer, int in, int out) -> float& {
    return weights.w[weight_offset(layer, in, out)];
  };
  w(0, kBurstMean, 0) = 1;  // its positive and its negative part
  w(0, kBurstMean, 1) = -1;
  for (int layer = 1; layer < last; ++layer) w(layer, 0, 0) = w(layer, 1, 1) = 1;
  w(last, 0, kHeadOrder) = -strength;
  w(last, 1, kHeadOrder) = strength;
  weights.b[bias_offset(last, kHeadPreempt)] = -strength;
  weights.b[bias_offset(last, kHeadSlice)] = -strength;
  weights.checksum = checksum_of(weights);
}

// From some moment on its network is poisoned, until it is given back what it was.
class Poisoned final : public Tampered {
 public:
  using Tampered::Tampered;
  void take(float strength) { strength_ = strength; }
  void snapshot(Weights& weights) const override {
    Tampered::snapshot(weights);
    if (strength_ != 0) poison(weights, strength_);
  }
  Status load(const std::string& state) override {
    strength_ = 0;
    return Tampered::load(state);
  }

 private:
  float strength_ = 0;
};

struct Course {
  double worst = 0;  // of 2 s, against the prior
  double final = 0;  // last 40 s, less the prior's
};

Course course(const char* what, const Guarded& g, const Config& judge, const char* load = kLoad) {
  const auto seconds = static_cast<double>(g.now()) / kSecond;
  const std::vector<double> prior = Guarded::prior(judge, load, seconds);
  Course c;
  const size_t n = std::min(prior.size(), g.curve().size());
  for (size_t i = 0; i < n; ++i) c.worst = std::min(c.worst, g.curve()[i] - prior[i]);
  c.final = mean_of_last(g.curve(), 20) - mean_of_last(prior, 20);
  std::printf("%s: worst 2 s %+.4f, last 40 s %+.4f of the prior's %.4f; %llu rollbacks\n", what,
              c.worst, c.final, mean_of_last(prior, 20),
              static_cast<unsigned long long>(g.rollbacks()));
  return c;
}

constexpr double kNoise = 0.004;  // of 40 s of this load

double seconds_since(Nanos from, const Guarded& g) {
  return static_cast<double>(g.now() - from) / kSecond;
}

// As guard.h states it.
double bound_while_acting(const GateConfig& c) {
  return (4 / c.prior + 2 * Guard::kConfirm) * static_cast<double>(c.window) / kSecond;
}
double bound_while_compared(const GateConfig& c) {
  return (2 * kArms / (c.settled * c.compare) + 2 * Guard::kConfirm) *
         static_cast<double>(c.window) / kSecond;
}

// Learns from the reward with its sign flipped, and nothing else holds it back.
Config sharpened() {
  Config config = shipped();
  config.learner.mean_penalty = 0;
  config.learner.learning_rate = 5e-3;
  config.learner.clip = 0.5;
  return config;
}

TEST(GuardedMachine, AnAdversarialRewardEndsWithThePriorsReward) {
  const Config config = sharpened();
  Guarded g(config, kLoad, std::make_unique<Adversary>(torch(config)));
  g.run(160);
  const Course c = course("reward's sign flipped", g, config);
  EXPECT_GT(c.worst, -0.1);
  EXPECT_GT(c.final, -kNoise);
}

TEST(GuardedMachine, WhatAnAdversarialRewardTaughtIsTakenBackWhereItHarms) {
  constexpr const char* kHarmed = "victims.yaml";  // whom it interrupts pays for it there
  const Config config = sharpened();
  Guarded g(config, kHarmed, std::make_unique<Adversary>(torch(config)));
  g.run(160);
  const Course c = course("the same, where it harms", g, config, kHarmed);
  EXPECT_GT(g.rollbacks(), 0U);
  EXPECT_GT(c.final, -kNoise);
}

TEST(GuardedMachine, WithoutAnyRewardNothingIsTriedOut) {
  const Config judge = shipped();
  Config config = shipped();
  config.reward.weight = {};
  Guarded g(config, kLoad, torch(config), judge.reward.weight);
  g.run(30);
  EXPECT_EQ(g.count(Intervention::kNoSignal), 1U);
  g.run(50, [&] {
    EXPECT_FALSE(g.agent().hot.gate.exploring());
    EXPECT_EQ(g.agent().hot.gate.acting(), kArmPrior);
    return testing::Test::HasFailure();
  });
  EXPECT_GT(course("all weights 0", g, judge).final, -kNoise);
}

// The learner's own state, as torch_learner.cc writes it.
struct Parameter {
  std::vector<float> value, mean, square;
  int64_t steps = 0;
  template <class Archive>
  void state(Archive& a) {
    a(value, mean, square, steps);
  }
};

void poison_learner(std::string& state, const Weights& weights) {
  StateLoader loader(state);
  FeatureNormaliser normaliser;
  ScalarNormaliser rewards;
  Rng rng(0);
  uint64_t updates = 0;
  uint64_t explored_from = 0;
  std::vector<Parameter> all;
  loader(normaliser, rewards, rng, updates, explored_from, all);
  ASSERT_TRUE(loader.ok());
  for (int layer = 0; layer < weights.shape.layers; ++layer) {
    const auto in = static_cast<size_t>(weights.shape.width[static_cast<size_t>(layer)]);
    const auto out = static_cast<size_t>(weights.shape.width[static_cast<size_t>(layer) + 1]);
    Parameter& w = all[2 * static_cast<size_t>(layer)];
    Parameter& b = all[2 * static_cast<size_t>(layer) + 1];
    ASSERT_EQ(w.value.size(), in * out);
    for (size_t o = 0; o < out; ++o) {
      b.value[o] = weights.b[bias_offset(layer, o)];
      for (size_t i = 0; i < in; ++i) {
        w.value[o * in + i] = weights.w[weight_offset(layer, i, o)];
      }
    }
  }
  StateSaver saver;
  saver(normaliser, rewards, rng, updates, explored_from, all);
  state = saver.take();
}

Checkpoint poisoned_checkpoint(const Config& config) {
  Checkpoint checkpoint;
  {
    Guarded g(config, kLoad, torch(config));
    g.run(5);
    checkpoint = checkpoint_of(g.agent(), "", "", false).value();
  }
  for (auto& section : checkpoint.sections) {
    if (section.name == "weights") {
      Weights weights;
      std::memcpy(static_cast<void*>(&weights), section.content.data(), section.content.size());
      poison(weights, 8);
      std::memcpy(section.content.data(), &weights, section.content.size());
    } else if (section.name == "learner") {
      Weights weights = prior_weights(config.learner);
      poison(weights, 8);
      poison_learner(section.content, weights);
    }
  }
  const std::string directory = testing::TempDir() + "guard_torch_test";
  std::filesystem::remove_all(directory);
  const std::string file = CheckpointStore(directory, 1).save(checkpoint).value();
  checkpoint = read_checkpoint(file).value();  // a valid file
  std::filesystem::remove_all(directory);
  return checkpoint;
}

// Which learns on from there: the pull to the prior may be faster than the guard.
TEST(GuardedMachine, APoisonedCheckpointDoesNoLastingHarm) {
  const Config config = shipped();
  Guarded g(config, kLoad, torch(config));
  const Status restored = g.agent().restore(poisoned_checkpoint(config), false);
  ASSERT_TRUE(restored) << restored.error().message;
  g.run(100);
  EXPECT_GT(course("poisoned checkpoint, learning", g, config).final, -kNoise);
}

TEST(GuardedMachine, APoisonedCheckpointThatNobodyImprovesIsTakenBack) {
  const Config config = shipped();
  Guarded g(config, kLoad, nullptr);
  const Status restored = g.agent().restore(poisoned_checkpoint(config), false);
  ASSERT_TRUE(restored) << restored.error().message;
  g.run(bound_while_compared(config.guard), [&] { return g.rollbacks() > 0; });
  std::printf("poisoned checkpoint: taken back after %.1f s\n", seconds_since(0, g));
  ASSERT_EQ(g.rollbacks(), 1U);
  Outputs heads;
  forward(g.agent().hot.publisher.current(), Features{}, heads);
  EXPECT_EQ(heads, Outputs{}) << "not the untrained network";
  g.run(100);
  EXPECT_GT(course("poisoned checkpoint, not learning", g, config).final, -kNoise);
}

TEST(GuardedMachine, WhatActsAndTurnsBadIsTakenBackToTheLastGood) {
  Config config = shipped();
  // With the order learnt, too, what is learnt acts on this load.
  config.exploration.order = config.learner.order = true;
  auto learner = std::make_unique<Poisoned>(torch(config));
  Poisoned& poisoned = *learner;
  Guarded g(config, kLoad, std::move(learner));
  const auto learned_acts = [&] {
    return g.agent().hot.gate.rounds() > 12 && is_learned(g.agent().hot.gate.best()) &&
           g.agent().hot.gate.signals().good > 0;
  };
  g.run(300, learned_acts);
  ASSERT_TRUE(learned_acts());
  const uint64_t before = g.rollbacks();
  poisoned.take(8);
  const uint64_t version = g.agent().hot.publisher.current().version;
  g.run(30, [&] { return g.agent().hot.publisher.current().version != version; });
  const Nanos from = g.now();  // now it decides
  const double bound = bound_while_acting(config.guard) + bound_while_compared(config.guard);
  g.run(bound, [&] { return g.rollbacks() > before; });
  std::printf("acting and poisoned at %.1f s: taken back after %.1f s (%s)\n",
              static_cast<double>(from) / kSecond, seconds_since(from, g),
              g.count(Intervention::kActingWorse) > 0 ? "acting_worse" : "learned_worse");
  ASSERT_EQ(g.rollbacks(), before + 1);
  EXPECT_GT(g.agent().cold.updates(), 0U) << "the last good one is not the untrained one";
  g.run(100);
  EXPECT_GT(course("acting and poisoned", g, config).final, -kNoise);
}

TEST(GuardedMachine, WeightsThatAreNotFiniteOrHugeNeverAct) {
  for (const float bad :
       {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(), 1e9F}) {
    const Config config = shipped();
    auto learner = std::make_unique<Poisoned>(torch(config));
    Poisoned& poisoned = *learner;
    Guarded g(config, kLoad, std::move(learner));
    g.run(2);
    poisoned.take(bad);
    g.run(3, [&] {
      EXPECT_TRUE(well_formed(g.agent().hot.publisher.current()));
      return testing::Test::HasFailure();
    });
    EXPECT_EQ(g.count(Intervention::kUnfit), 1U);
    const uint64_t updates = g.agent().cold.updates();
    g.run(2);
    EXPECT_GT(g.agent().cold.updates(), updates) << "it goes on learning";
  }
}

TEST(GuardedMachine, ShowsItsFiguresToPrometheus) {
  const Config config = shipped();
  Guarded g(config, kLoad, torch(config));
  g.run(40);
  const Meter& meter = g.agent().hot.meter;
  const std::vector<prometheus::MetricFamily> families = gate_metrics(meter);
  std::vector<std::string> names;
  names.reserve(families.size());
  for (const auto& family : families) names.push_back(family.name);
  EXPECT_THAT(names, testing::ElementsAre("quanta_uplift", "quanta_uplift_lower",
                                          "quanta_uplift_upper", "quanta_arm_uplift",
                                          "quanta_arm_uplift_lower", "quanta_arm_uplift_upper",
                                          "quanta_acting_arm", "quanta_interventions_total"));
  double sum = 0;
  for (size_t t = 0; t < kTerms; ++t) sum += families[0].metric[t].gauge.value;
  EXPECT_NEAR(families[0].metric[kTotal].gauge.value, sum, 1e-9);
  for (const auto& metric : families[3].metric) EXPECT_EQ(metric.label[0].name, "arm");
  for (size_t i = 0; i < families[3].metric.size(); ++i) {
    EXPECT_LT(families[4].metric[i].gauge.value, families[3].metric[i].gauge.value);
    EXPECT_GT(families[5].metric[i].gauge.value, families[3].metric[i].gauge.value);
  }
  EXPECT_EQ(families[7].metric.size(), kInterventions);
}

}  // namespace
}  // namespace quanta
