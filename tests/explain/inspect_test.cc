#include "agent/explain/inspect.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/policy/random_net.h"
#include "tests/status/sample.h"

namespace quanta {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

PolicyReport sample_policy() {
  Rng rng(9, 1);
  PolicyReport policy;
  policy.weights = random_net(rng, shape_of({16, 16}));
  policy.weights.version = 3;
  policy.packed = packed_report(policy.weights, true);
  return policy;
}

TEST(Inspect, DescribesAPolicy) {
  EXPECT_THAT(describe_policy(sample_policy()),
              AllOf(HasSubstr("policy 3, network 16-16-16-4, exploration 0.50 octaves\n"),
                    HasSubstr("in the kernel: integers up to "), HasSubstr("hidden 1    16x16"),
                    HasSubstr("heads        16x4"), HasSubstr("burst mean")));
  EXPECT_THAT(describe_policy({}), HasSubstr("all heads are zero: it is the prior"));
}

TEST(Inspect, ADecisionStatesItsMethodAndShowsPriorAndFinal) {
  const std::string text = describe_decision(sample_task(), sample_policy());
  EXPECT_THAT(text,
              AllOf(HasSubstr("game (pid 42), decided 1.00 s ago by policy 3\n"),
                    HasSubstr("integrated gradients"), Not(HasSubstr("which decides by now")),
                    HasSubstr("final                    -1.000   +0.000   +1.000   -1.000\n"),
                    HasSubstr("prior                    +0.000   +0.000   +0.000   +0.000\n")));
  PolicyReport newer = sample_policy();
  newer.weights.version = 5;
  EXPECT_THAT(describe_decision(sample_task(), newer), HasSubstr("of policy 5, which decides"));
}

TEST(Inspect, TheJsonContributionsAddUp) {
  const auto json = nlohmann::json::parse(decision_json(sample_task(), sample_policy()));
  for (const char* head : {"burst", "order", "preempt", "slice"}) {
    double sum = 0;
    for (const auto& feature : json["features"]) sum += feature["contribution"][head].get<double>();
    const auto& h = json["heads_octaves"][head];
    EXPECT_NEAR(sum, h["network"].get<double>() - h["average"].get<double>(), 1e-9);
  }
}

TEST(Inspect, DurationsReadNaturally) {
  EXPECT_EQ(duration_text(0), "0 us");
  EXPECT_EQ(duration_text(850), "0.8 us");
  EXPECT_EQ(duration_text(240e3), "240 us");
  EXPECT_EQ(duration_text(1.2e6), "1.20 ms");
  EXPECT_EQ(duration_text(999.9e6), "1.00 s");
  EXPECT_EQ(duration_text(3600e9), "3600 s");
}

}  // namespace
}  // namespace quanta
