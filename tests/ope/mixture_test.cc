// Estimates from one policy's decisions beside what others' decisions earned in the same states.
#include "tests/ope/mixture.h"

#include <gtest/gtest.h>

namespace quanta {
namespace {

TEST(OffPolicyEstimate, IsWhatAnotherPolicysDecisionEarnsInTheStatesThatWereLogged) {
  const std::vector<NamedWeights> policies = some_policies(exploring_config(1).learner);
  const Mixture mixture("game_hogs.yaml", policies, 1, 40);
  ASSERT_GT(mixture.of(0).size(), 10'000U);
  const OffPolicyEvaluation e =
      evaluate_off_policy(mixture.of(0), targets_of(policies), 10).value();
  for (size_t p = 0; p < policies.size(); ++p) {
    SCOPED_TRACE(policies[p].name);
    const Interval truth = mean_net_reward(mixture.of(p));
    for (const OffPolicyValue& estimate :
         {e.policies[p].snips[kNetReward], e.policies[p].doubly_robust[kNetReward]}) {
      EXPECT_NEAR(estimate.value.mean, truth.mean,
                  1.5 * std::hypot(estimate.value.half, truth.half));
    }
  }
  EXPECT_EQ(verdict(e.policies[4].doubly_robust[kNetReward].gain), Verdict::kWorse);
}

}  // namespace
}  // namespace quanta
