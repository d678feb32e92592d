// Training in integers: what the learner computes is what the kernel will.
#include <gtest/gtest.h>

#include <cmath>

#include "agent/policy/packed_network.h"
#include "bpf/policy.bpf.h"
#include "tests/learn/contextual_bandit.h"

namespace quanta {
namespace {

Actions wanted_in_octaves(const Features& x) {
  return {0.1F * (x[0] - 10), 0.05F * (x[1] - x[2]), 0.3F};
}

LearnerConfig config_of(bool in_integers) {
  LearnerConfig config = small_learner();
  config.in_integers = in_integers;
  return config;
}

// The actions that the kernel takes, in octaves.
Actions kernel_actions(const quanta_network& network, const Features& x) {
  std::array<__s64, kInputs> scaled;
  for (size_t i = 0; i < kInputs; ++i) scaled[i] = std::lround(256 * x[i]);
  std::array<__s32, kHeads> heads;
  quanta_layers layers;
  evaluate(&network, scaled.data(), &layers, heads.data());
  return {static_cast<float>(heads[kHeadOrder]) / HEAD_UNIT,
          static_cast<float>(heads[kHeadPreempt]) / HEAD_UNIT,
          static_cast<float>(heads[kHeadSlice]) / HEAD_UNIT};
}

// Mean squared difference between the learner's own forward pass and the kernel's, octaves^2: the
// divergence that an update reports which changes nothing (kl = difference / (2 sd^2)).
double difference(bool in_integers) {
  LearnerConfig config = config_of(in_integers);
  ContextualBandit bandit(wanted_in_octaves, 3);
  const std::unique_ptr<Learner> learner = learner_of(config);
  for (int i = 0; i < 30; ++i) learner->update(bandit.play(*learner, 1'024), {});

  config.learning_rate = 1e-12;
  config.warmup_updates = 1'000;
  const std::unique_ptr<Learner> frozen = learner_of(config);
  EXPECT_TRUE(frozen->load(learner->save()));
  const Result<IntegerNetwork> plain = quantise(snapshot_of(*frozen));
  EXPECT_TRUE(plain) << plain.error().message;
  const quanta_network network = *pack(*plain);
  std::vector<Sample> samples = bandit.play(*frozen, 1'024);
  for (Sample& s : samples) {
    s.mean = kernel_actions(network, s.x);
    s.sd = 1;
  }
  return 2 * frozen->update(samples, {}).kl;
}

TEST(TrainedInIntegers, TheLearnerComputesWhatTheKernelDoes) {
  const double as_the_kernel = difference(true);
  const double as_reals = difference(false);
  RecordProperty("in_integers", std::to_string(as_the_kernel));
  RecordProperty("as_reals", std::to_string(as_reals));
  EXPECT_LT(as_the_kernel, 1e-3);
  EXPECT_LT(as_the_kernel, as_reals / 2);
}

TEST(TrainedInIntegers, LearnsTheBandit) {
  const std::unique_ptr<Learner> learner = learner_of(config_of(true));
  ContextualBandit bandit(wanted_in_octaves, 1);
  const double before = bandit.regret(*learner);
  for (int i = 0; i < 100; ++i) learner->update(bandit.play(*learner, 1'024), {});
  EXPECT_LT(bandit.regret(*learner), before / 4);
}

TEST(TrainedInIntegers, UntrainedIsThePrior) {
  const Result<IntegerNetwork> plain = quantise(snapshot_of(*learner_of(config_of(true))));
  ASSERT_TRUE(plain) << plain.error().message;
  EXPECT_EQ(pack(*plain)->is_prior, 1U);
}

}  // namespace
}  // namespace quanta
