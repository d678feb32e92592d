#include "agent/ope/off_policy.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/ope/bandit.h"

namespace quanta {
namespace {

TargetPolicy constant(std::string name, float order, float preempt, float slice) {
  return {.name = std::move(name),
          .mean = [=](const LoggedDecision&) { return ActionMean{order, preempt, slice}; }};
}

void expect_near(const Interval& estimate, double truth) {
  EXPECT_NEAR(estimate.mean, truth, 1.5 * estimate.half);
  EXPECT_LT(estimate.half, 600);
}

TEST(OffPolicy, EstimatesWhatIsKnown) {
  const std::vector<LoggedDecision> log = bandit_log(20'000, 1);
  // Follows its features, as a network does: 2 us * 0.5 * E[x^2].
  const TargetPolicy clever{.name = "clever", .mean = [](const LoggedDecision& d) {
                              return ActionMean{0.5F * d.x[0], 0, 0};
                            }};
  const TargetPolicy policies[] = {untrained_prior(), clever, constant("harsh", 0, 0.5F, 0)};
  const OffPolicyEvaluation e = evaluate_off_policy(log, policies, 100).value();
  ASSERT_EQ(e.policies.size(), 4U);
  const double noise = 3e3 * 0.25;  // exploration's own cost
  const double truth[] = {5e3 - noise, 5e3 - noise, 6e3 - noise, 5e3 - noise - 3e3 * 0.25};
  for (size_t p = 0; p < 4; ++p) {
    SCOPED_TRACE(e.policies[p].name);
    expect_near(e.policies[p].snips[kReward].value, truth[p]);
    expect_near(e.policies[p].doubly_robust[kReward].value, truth[p]);
    if (p > 0) expect_near(e.policies[p].doubly_robust[kReward].gain, truth[p] - truth[0]);
  }
  EXPECT_EQ(verdict(e.policies[2].doubly_robust[kReward].gain), Verdict::kBetter);
  EXPECT_EQ(verdict(e.policies[3].doubly_robust[kReward].gain), Verdict::kWorse);
  EXPECT_NEAR(e.policies[0].effective_samples, 20'000, 1) << "it is what was logged";
  EXPECT_EQ(e.policies[0].snips[kReward].gain.half, 0);
  // Gaussians a deviation apart: E[w^2] = e.
  EXPECT_NEAR(e.policies[3].effective_samples, 20'000 / std::exp(1 + 0.04), 2'000);
  // Its intervals are the narrower: the model knows what SNIPS has to average over.
  EXPECT_LT(e.policies[2].doubly_robust[kReward].gain.half, e.policies[2].snips[kReward].gain.half);
}

TEST(OffPolicy, LongerRunsEarnNothingAtTheirPrice) {
  const std::vector<LoggedDecision> log = bandit_log(20'000, 2, 0.1);
  const TargetPolicy policies[] = {constant("long", 0.1F, 0, 0.5F)};
  const OffPolicyEvaluation e = evaluate_off_policy(log, policies, 100).value();
  const PolicyEstimate& longer = e.policies[1];
  EXPECT_NEAR(longer.doubly_robust[kReward].gain.mean, 0.1 * 0.5e6, 3e3);
  expect_near(longer.doubly_robust[kNetReward].gain, 0);
}

TEST(OffPolicy, ATruncatedWeightPullsTowardsWhatWasLogged) {
  const std::vector<LoggedDecision> log = bandit_log(20'000, 3);
  const TargetPolicy policies[] = {constant("harsh", 0, 1.5F, 0)};
  const OffPolicyEvaluation loose = evaluate_off_policy(log, policies, 1e6).value();
  const OffPolicyEvaluation tight = evaluate_off_policy(log, policies, 2).value();
  EXPECT_EQ(tight.policies[0].truncated, 0);
  EXPECT_GT(tight.policies[1].truncated, 0.8);  // Gaussians three deviations apart
  EXPECT_LT(loose.policies[1].effective_samples, 200);
  EXPECT_GT(tight.policies[1].effective_samples, loose.policies[1].effective_samples);
  EXPECT_LT(loose.policies[1].snips[kReward].gain.mean, tight.policies[1].snips[kReward].gain.mean);
  EXPECT_LT(tight.policies[1].snips[kReward].gain.mean, 0);
}

TEST(OffPolicy, TooFewDecisionsAreOneLine) {
  const auto e = evaluate_off_policy(bandit_log(kLeastDecisions - 1, 4), {}, 10);
  ASSERT_FALSE(e);
  EXPECT_EQ(e.error().message, "expected at least 500 explored decisions ('sd' > 0), got 499");
  EXPECT_TRUE(evaluate_off_policy(bandit_log(kLeastDecisions, 4), {}, 10));
}

}  // namespace
}  // namespace quanta
