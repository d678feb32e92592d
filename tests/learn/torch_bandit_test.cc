// The learner learns: residuals of a known optimum, and a known ratio of bursts.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/learn/contextual_bandit.h"

namespace quanta {
namespace {

Actions wanted(const Features& x) {
  return {x[0] > 10 ? 0.8F : -0.8F, 0.6F, 0.2F * (x[1] - 10)};
}

TEST(PolicyGradient, ConvergesTowardsTheOptimum) {
  const std::unique_ptr<Learner> learner = learner_of(small_learner());
  ContextualBandit bandit(wanted, 1);
  const double before = bandit.regret(*learner);
  EXPECT_NEAR(before, 0.64 + 0.36 + 0.36, 0.1);  // the prior's
  for (int i = 0; i < 150; ++i) learner->update(bandit.play(*learner, 1'024), {});
  EXPECT_LT(bandit.regret(*learner), 0.15 * before);
}

TEST(PolicyGradient, LearnsNothingFromWhatWasNotExplored) {
  LearnerConfig config = small_learner();
  config.exploration_start = config.exploration_end = 0;
  const std::unique_ptr<Learner> learner = learner_of(config);
  ContextualBandit bandit(wanted, 1);
  const double before = bandit.regret(*learner);
  for (int i = 0; i < 10; ++i) learner->update(bandit.play(*learner, 256), {});
  EXPECT_NEAR(bandit.regret(*learner), before, 0.1);
  Outputs y;
  forward(snapshot_of(*learner), bandit.context(), y);
  for (const Head head : {kHeadOrder, kHeadPreempt, kHeadSlice}) EXPECT_EQ(y[head], 0);
}

// Where reward does not depend on the action, the pull of the mean keeps the policy at the prior.
TEST(PolicyGradient, ThePullOfTheMeanKeepsItNearThePrior) {
  const auto regret = [](double penalty) {
    LearnerConfig config = small_learner();
    config.mean_penalty = penalty;
    const std::unique_ptr<Learner> learner = learner_of(config);
    ContextualBandit bandit([](const Features&) { return Actions{2, 2, 2}; }, 1);
    for (int i = 0; i < 40; ++i) learner->update(bandit.play(*learner, 1'024), {});
    return bandit.regret(*learner);
  };
  EXPECT_GT(regret(10), regret(0) + 1);
}

TEST(PolicyGradient, TheOrderIsNotLearntUnlessAsked) {
  LearnerConfig config = small_learner();
  config.order = false;
  const std::unique_ptr<Learner> learner = learner_of(config);
  ContextualBandit bandit(wanted, 1);
  const double before = bandit.regret(*learner);
  for (int i = 0; i < 60; ++i) learner->update(bandit.play(*learner, 1'024), {});
  EXPECT_LT(bandit.regret(*learner), 0.8 * before) << "the others are";
  Outputs y;
  forward(snapshot_of(*learner), bandit.context(), y);
  EXPECT_EQ(y[kHeadOrder], 0);
}

class BurstHead : public ::testing::Test {
 protected:
  // Root mean square error of the burst head against truth(), in octaves; 1.5 for the prior.
  double error_after(int updates, const std::function<BurstSample(const Features&, Rng&)>& tell) {
    const std::unique_ptr<Learner> learner = learner_of(small_learner());
    ContextualBandit bandit(wanted, 1);
    Rng rng(2);
    for (int i = 0; i < updates; ++i) {
      std::vector<BurstSample> bursts;
      bursts.reserve(1'000);
      for (int k = 0; k < 1'000; ++k) bursts.push_back(tell(bandit.context(), rng));
      report = learner->update(bandit.play(*learner, 1'024), bursts);
    }
    const Weights weights = snapshot_of(*learner);
    double sum = 0;
    heads.reserve(1'000);
    for (int i = 0; i < 1'000; ++i) {
      const Features x = bandit.context();
      Outputs y;
      forward(weights, x, y);
      sum += std::pow(y[kHeadBurst] - truth(x), 2);
      heads.push_back(y[kHeadBurst]);
    }
    return std::sqrt(sum / 1'000);
  }
  static float truth(const Features& x) { return 0.5F * (x[2] - 10); }

  UpdateReport report;
  std::vector<float> heads;  // in those contexts
};

TEST_F(BurstHead, LearnsAKnownRatioThroughNoise) {
  const double error = error_after(60, [](const Features& x, Rng& rng) {
    return BurstSample{
        .x = x, .target = truth(x) + static_cast<float>(rng.normal()), .censored = false};
  });
  EXPECT_LT(error, 0.5);
  EXPECT_NEAR(report.burst_loss, 1, 0.3);  // the noise is all that is left
}

TEST_F(BurstHead, LowerBoundsDoNotPullDownWhatIsKnownToBeLonger) {
  const double error = error_after(60, [](const Features& x, Rng& rng) {
    const bool censored = rng.below(2) == 0;
    return BurstSample{.x = x, .target = truth(x) - (censored ? 2.0F : 0), .censored = censored};
  });
  EXPECT_LT(error, 0.4);
}

TEST_F(BurstHead, LowerBoundsAloneRaiseItToThem) {
  error_after(60, [](const Features& x, Rng&) {
    return BurstSample{.x = x, .target = 1, .censored = true};
  });
  EXPECT_GT(std::count_if(heads.begin(), heads.end(), [](float y) { return y > 0.7F; }), 950);
  EXPECT_LT(report.burst_loss, 0.05);
}

TEST_F(BurstHead, LowerBoundsThatAreMetTeachNothing) {
  error_after(10, [](const Features& x, Rng&) {
    return BurstSample{.x = x, .target = -2, .censored = true};
  });
  EXPECT_EQ(std::count(heads.begin(), heads.end(), 0.0F), 1'000);
  EXPECT_EQ(report.burst_loss, 0);
}

}  // namespace
}  // namespace quanta
