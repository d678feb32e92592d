#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "agent/ope/off_policy_report.h"
#include "tests/ope/bandit.h"

namespace quanta {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class OffPolicyReport : public ::testing::Test {
 protected:
  const LogSummary log_{.file = "d.csv", .decisions = 9000, .with_burst_head = 4000};
  const TargetPolicy far_{.name = "far",
                          .mean = [](const LoggedDecision&) { return ActionMean{3, 3, 2}; }};
  const OffPolicyEvaluation evaluation_ =
      evaluate_off_policy(bandit_log(5000, 1), std::array{untrained_prior(), far_}, 10).value();
};

TEST_F(OffPolicyReport, TellsPeople) {
  const std::string text = describe(log_, evaluation_, 200);
  EXPECT_THAT(text,
              AllOf(StartsWith("d.csv: 9000 decisions, 5000 of them explored; "),
                    HasSubstr("the burst head acted in 80% of them"),
                    HasSubstr("\nmean reward per decision, us\npolicy "), HasSubstr("\nprior "),
                    HasSubstr("\nfar departs too far from what was logged: "),
                    Not(HasSubstr("prior departs"))));
}

TEST_F(OffPolicyReport, TellsPrograms) {
  const nlohmann::json json = nlohmann::json::parse(to_json(log_, evaluation_));
  EXPECT_EQ(json["explored"], 5000);
  EXPECT_EQ(json["burst_head_share"], 0.8);
  ASSERT_EQ(json["policies"].size(), 3U);
  const nlohmann::json& prior = json["policies"][1];
  EXPECT_EQ(prior["policy"], "prior");
  const OffPolicyValue& v = evaluation_.policies[1].doubly_robust[kNetReward];
  EXPECT_EQ(prior["net_reward"]["doubly_robust"]["gain_ns"], v.gain.mean);
  EXPECT_EQ(prior["net_reward"]["doubly_robust"]["half_ns"], v.value.half);
}

}  // namespace
}  // namespace quanta
