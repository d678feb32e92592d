#include "agent/policy/learned.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tests/features/stage.h"
#include "tests/policy/random_net.h"

namespace quanta {
namespace {

// A network whose heads are constants.
Weights constant_heads(const Outputs& heads, float sd) {
  Weights weights;
  weights.shape = shape_of({16, 16});
  for (int h = 0; h < kHeads; ++h) weights.b[bias_offset(2, h)] = heads[h];
  weights.exploration_sd = sd;
  weights.version = 9;
  weights.checksum = checksum_of(weights);
  return weights;
}

class Learned : public ::testing::Test {
 protected:
  Learned() : stage(1, all_weigh(1)) {
    stage.appear(0, 0);
    stage.appear(0, 1);
    stage.direct(0, 1, 0);
    stage.start(0, 1);
    stage.wake(100, 0);
  }
  LearnedPolicy policy_of(const Outputs& heads, float sd, uint64_t seed = 1, double share = 1) {
    publisher.emplace_back(std::make_unique<Publisher>(constant_heads(heads, sd)));
    return {*publisher.back(), IndexConfig{}, ExplorationConfig{.share = share, .order = true},
            seed};
  }
  Decision decide(LearnedPolicy& policy) { return policy.decide(stage.last(), stage.tracker); }
  Decision prior() {
    const Situation s = assess(stage.tracker, 0);
    return quanta::decide(stage.tracker, s, {}, 0, IndexConfig{});
  }

  Stage stage;
  std::vector<std::unique_ptr<Publisher>> publisher;
};

TEST_F(Learned, TheOrderIsNotExploredUnlessAsked) {
  publisher.emplace_back(std::make_unique<Publisher>(constant_heads({0, 0.5F, 0, 0}, 0.4F)));
  LearnedPolicy policy(*publisher.back(), IndexConfig{}, ExplorationConfig{}, 1);
  for (int i = 0; i < 100; ++i) {
    decide(policy);
    const Act& act = policy.act();
    ASSERT_EQ(act.sd, 0.4F);
    EXPECT_EQ(act.taken[kActOrder], 0.5F);
    EXPECT_NE(act.taken[kActPreempt], 0);
    EXPECT_NE(act.taken[kActSlice], 0);
  }
}

TEST_F(Learned, ExplorationIsANormalOfTheStatedDeviationAndBounded) {
  constexpr int kDraws = 100'000;
  LearnedPolicy policy = policy_of({0, 0.5F, -0.25F, 0.125F}, 0.4F);
  std::array<double, kActions> sum{};
  std::array<double, kActions> square{};
  double product = 0;
  double most = 0;
  for (int i = 0; i < kDraws; ++i) {
    decide(policy);
    const Act& act = policy.act();
    ASSERT_EQ(act.sd, 0.4F);
    std::array<double, kActions> z{};
    for (size_t a = 0; a < kActions; ++a) {
      z[a] = double{act.taken[a] - act.mean[a]} / act.sd;
      sum[a] += z[a];
      square[a] += z[a] * z[a];
      most = std::max(most, std::abs(z[a]));
    }
    product += z[kActOrder] * z[kActPreempt];
  }
  for (size_t a = 0; a < kActions; ++a) {
    EXPECT_NEAR(sum[a] / kDraws, 0, 0.012) << a;  // four standard errors
    EXPECT_NEAR(square[a] / kDraws, 1, 0.018) << a;
  }
  EXPECT_NEAR(product / kDraws, 0, 0.012);  // drawn independently
  EXPECT_LE(most, 3.7);
  EXPECT_GE(most, 3.4);
}

TEST_F(Learned, TheRecordSaysWhatTheNetworkMeant) {
  LearnedPolicy policy = policy_of({1, 0.5F, -0.25F, 0.125F}, 0.4F);
  decide(policy);
  const Act& act = policy.act();
  EXPECT_EQ(act.mean, (std::array{0.5F, -0.25F, 0.125F}));
  EXPECT_EQ(act.version, 9U);
  EXPECT_FLOAT_EQ(act.prior_rem, std::log2(1e6F));
  EXPECT_EQ(policy.victim(), 1U);
  Features x;
  extract(stage.tracker, assess(stage.tracker, 0), x);
  EXPECT_EQ(act.x, x);
}

TEST_F(Learned, HeadsAreClamped) {
  LearnedPolicy policy = policy_of({9, 9, -9, 9}, 0);
  decide(policy);
  EXPECT_EQ(policy.act().mean, (std::array{3.3F, -3.3F, 2.5F}));
  EXPECT_FLOAT_EQ(stage.tracker.task(0).rem_scale, std::exp2(3.3F));
}

TEST_F(Learned, NeverExploresKernelThreadsOrTasksPastDue) {
  LearnedPolicy policy = policy_of({0, 1, 1, 1}, 0.5F);
  stage.appear(100, 2, {.kernel_thread = true});
  stage.wake(100, 2);
  decide(policy);
  EXPECT_EQ(policy.act().sd, 0);
  EXPECT_EQ(policy.act().taken, policy.act().mean);

  stage.wake(100, 0);
  TaskView& t = stage.tracker.task(0);
  t.due = stage.tracker.now();
  decide(policy);
  EXPECT_EQ(policy.act().sd, 0);
  EXPECT_EQ(policy.act().taken, policy.act().mean);
  t.due = stage.tracker.now() + 1;
  decide(policy);
  EXPECT_EQ(policy.act().sd, 0.5F);
}

TEST_F(Learned, ExploresTheConfiguredShare) {
  LearnedPolicy policy = policy_of({}, 0.5F, 1, 0.25);
  int explored = 0;
  for (int i = 0; i < 10'000; ++i) {
    decide(policy);
    explored += policy.act().sd > 0 ? 1 : 0;
  }
  EXPECT_NEAR(explored, 2'500, 175);  // four standard errors
}

TEST_F(Learned, ConductSwitchesHeadsOffExactly) {
  LearnedPolicy policy = policy_of({1, 1, 1, 1}, 0.5F);
  const Decision base = prior();

  policy.act_with(
      {.burst = false, .residual = false, .explore = true, .observe = true, .bias = {}});
  Decision d = decide(policy);
  EXPECT_EQ(d.key, base.key);
  EXPECT_EQ(d.slice, base.slice);
  EXPECT_EQ(d.preempt_cpu, base.preempt_cpu);
  EXPECT_EQ(policy.act().sd, 0);  // without residual nothing is explored
  EXPECT_EQ(policy.act().taken, (std::array<float, kActions>{}));

  policy.act_with(
      {.burst = true, .residual = false, .explore = false, .observe = true, .bias = {}});
  d = decide(policy);
  EXPECT_EQ(d.key - stage.tracker.now(), 2 * (base.key - stage.tracker.now()));
  EXPECT_EQ(d.slice, base.slice);

  policy.act_with(
      {.burst = false, .residual = true, .explore = false, .observe = true, .bias = {}});
  d = decide(policy);
  EXPECT_EQ(d.key - stage.tracker.now(), 2 * (base.key - stage.tracker.now()));
  EXPECT_EQ(d.slice, 2 * base.slice);
  EXPECT_EQ(stage.tracker.task(0).rem_scale, 1);
  EXPECT_EQ(policy.act().taken, policy.act().mean);

  policy.act_with({.burst = false,
                   .residual = false,
                   .explore = false,
                   .observe = true,
                   .bias = {.burst = 0, .order = 1, .preempt = 0, .slice = -1}});
  d = decide(policy);
  EXPECT_EQ(d.key - stage.tracker.now(), 2 * (base.key - stage.tracker.now()));
  EXPECT_EQ(d.slice, base.slice / 2);
}

TEST_F(Learned, SameSeedSameActions) {
  LearnedPolicy one = policy_of({}, 0.5F, 5);
  LearnedPolicy same = policy_of({}, 0.5F, 5);
  LearnedPolicy other = policy_of({}, 0.5F, 6);
  int different = 0;
  for (int i = 0; i < 100; ++i) {
    decide(one);
    decide(same);
    decide(other);
    ASSERT_EQ(one.act().taken, same.act().taken);
    different += one.act().taken != other.act().taken ? 1 : 0;
  }
  EXPECT_GT(different, 90);
}

}  // namespace
}  // namespace quanta
