// What one update reports, and how it bounds rewards and advantages.
#include <gtest/gtest.h>

#include <cmath>

#include "tests/learn/contextual_bandit.h"

namespace quanta {
namespace {

// One step over the whole batch, so that its losses are those at the old policy.
LearnerConfig one_step() {
  LearnerConfig config = small_learner();
  config.batch = config.minibatch = 256;
  config.epochs = 1;
  config.warmup_updates = 0;
  return config;
}

// 256 samples of reward 0 but one.
std::vector<Sample> outlier(const Learner& learner, float reward) {
  ContextualBandit bandit([](const Features&) { return Actions{}; }, 1);
  std::vector<Sample> samples = bandit.play(learner, 256);
  for (Sample& s : samples) s.reward = 0;
  samples[77].reward = reward;
  return samples;
}

TEST(Update, RewardsAreClippedAfterNormalisation) {
  // Normalised: -1/16, and 16 for one, which is clipped.
  const struct {
    double clip, value_loss;
  } cases[] = {{8, (64 + 255 / 256.0) / 256}, {2, (4 + 255 / 256.0) / 256}, {50, 1}};
  for (const auto& c : cases) {
    LearnerConfig config = one_step();
    config.reward_clip = c.clip;
    const std::unique_ptr<Learner> learner = learner_of(config);
    const UpdateReport report = learner->update(outlier(*learner, 1e6F), {});
    EXPECT_NEAR(report.value_loss, c.value_loss, 0.01) << c.clip;
    EXPECT_TRUE(well_formed(snapshot_of(*learner)));
  }
}

TEST(Update, AdvantagesAreClipped) {
  // Of deviation 1 and mean 0; the one of 16 is clipped, so that the mean falls below 0.
  const struct {
    double clip, policy_loss;
  } cases[] = {{4, (16 - 4) / 256.0}, {8, (16 - 8) / 256.0}, {50, 0}};
  for (const auto& c : cases) {
    LearnerConfig config = one_step();
    config.advantage_clip = c.clip;
    const std::unique_ptr<Learner> learner = learner_of(config);
    const UpdateReport report = learner->update(outlier(*learner, 1e6F), {});
    EXPECT_NEAR(report.policy_loss, c.policy_loss, 1e-3) << c.clip;
  }
}

TEST(Update, WarmUpTrainsTheValueAloneAndThenThePolicy) {
  LearnerConfig config = small_learner();
  config.warmup_updates = 2;
  const std::unique_ptr<Learner> learner = learner_of(config);
  ContextualBandit bandit([](const Features&) { return Actions{1, 1, 1}; }, 1);
  for (int i = 0; i < 2; ++i) {
    const UpdateReport warm = learner->update(bandit.play(*learner, 1'024), {});
    EXPECT_EQ(warm.kl, 0);
    EXPECT_EQ(warm.policy_loss, 0);
    EXPECT_GT(warm.value_loss, 0);
  }
  const UpdateReport report = learner->update(bandit.play(*learner, 1'024), {});
  EXPECT_GT(report.kl, 0);
  EXPECT_LT(report.kl, 0.3);
  EXPECT_LT(report.policy_loss, 0);
  EXPECT_EQ(report.updates, 3U);
}

TEST(Update, KlIsOfThePolicyAfterItFromThatBefore) {
  const std::unique_ptr<Learner> learner = learner_of(one_step());
  ContextualBandit bandit([](const Features&) { return Actions{1, 1, 1}; }, 1);
  for (int i = 0; i < 3; ++i) learner->update(bandit.play(*learner, 256), {});
  const std::vector<Sample> samples = bandit.play(*learner, 256);
  const UpdateReport report = learner->update(samples, {});
  // The features' statistics move a little with the batch: compare loosely.
  const Weights after = snapshot_of(*learner);
  double kl = 0;
  for (const Sample& s : samples) {
    Outputs y;
    forward(after, s.x, y);
    for (size_t a = 0; a < kActions; ++a) {
      kl += 0.5 * std::pow((y[kHeadOrder + static_cast<int>(a)] - s.mean[a]) / s.sd, 2) / 256;
    }
  }
  EXPECT_NEAR(report.kl, kl, 1e-3 * kl + 1e-9);
}

TEST(Update, ExplainedVarianceRisesWhereContextsExplainRewards) {
  const std::unique_ptr<Learner> learner = learner_of(small_learner());
  ContextualBandit bandit([](const Features&) { return Actions{}; }, 1);
  UpdateReport report;
  for (int i = 0; i < 40; ++i) {
    std::vector<Sample> samples = bandit.play(*learner, 1'024);
    for (Sample& s : samples) s.reward = s.x[4] + 0.3F * s.x[5];
    report = learner->update(samples, {});
    if (i == 0) {
      EXPECT_NEAR(report.explained_variance, 0, 1e-6);
    }
    EXPECT_LE(report.explained_variance, 1);
  }
  EXPECT_GT(report.explained_variance, 0.9);
  EXPECT_NEAR(report.mean_reward, 13, 0.5);
}

TEST(Update, EntropyIsThatOfItsExploration) {
  const std::unique_ptr<Learner> learner = learner_of(small_learner());
  ContextualBandit bandit([](const Features&) { return Actions{}; }, 1);
  const UpdateReport report = learner->update(bandit.play(*learner, 256), {});
  EXPECT_NEAR(report.entropy, 3 * (1.4189385 + std::log(0.5)), 1e-6);
}

// Also where they are far from 0: the normaliser learns from them.
TEST(Update, BurstsAloneTeachTheirHead) {
  LearnerConfig config = small_learner();
  config.warmup_updates = 0;
  const std::unique_ptr<Learner> learner = learner_of(config);
  ContextualBandit bandit([](const Features&) { return Actions{1, 1, 1}; }, 1);
  std::vector<BurstSample> bursts;
  for (const Sample& s : bandit.play(*learner, 2'000)) {
    BurstSample b{.x = s.x, .target = s.x[0] > 10 ? 2.0F : -2.0F, .censored = false};
    for (float& x : b.x) x = 40 + 10 * x;
    bursts.push_back(b);
  }
  double first = 0;
  UpdateReport report;
  for (int i = 0; i < 60; ++i) {
    report = learner->update({}, bursts);
    if (i == 0) first = report.burst_loss;
  }
  EXPECT_LT(report.burst_loss, first / 4);
  EXPECT_EQ(report.value_loss, 0);
  EXPECT_EQ(report.policy_loss, 0);
  EXPECT_EQ(report.updates, 60U);
  const Weights weights = snapshot_of(*learner);
  Outputs y;
  forward(weights, bursts[0].x, y);
  EXPECT_NEAR(y[kHeadBurst], bursts[0].target, 1);
  EXPECT_EQ(y[kHeadSlice], 0);
  EXPECT_TRUE(well_formed(weights));
}

TEST(Update, NothingInTheInputMakesItsWeightsUnfit) {
  const std::unique_ptr<Learner> learner = learner_of(small_learner());
  ContextualBandit bandit([](const Features&) { return Actions{1, 1, 1}; }, 1);
  for (int i = 0; i < 10; ++i) {
    std::vector<Sample> samples = bandit.play(*learner, 256);
    std::vector<BurstSample> bursts;
    for (size_t k = 0; k < samples.size(); ++k) {
      samples[k].reward *= k % 7 == 0 ? 1e9F : 1;
      samples[k].x[k % kInputs] = k % 2 == 0 ? 1e6F : -1e6F;
      bursts.push_back(
          {.x = samples[k].x, .target = k % 2 == 0 ? 60.0F : -60.0F, .censored = false});
    }
    const UpdateReport report = learner->update(samples, bursts);
    EXPECT_TRUE(std::isfinite(report.gradient_norm));
    ASSERT_TRUE(well_formed(snapshot_of(*learner))) << i;
  }
}

}  // namespace
}  // namespace quanta
