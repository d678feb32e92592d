// One record as a line, worked by hand.
#include "agent/decision_log/format.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "agent/decision_log/reader.h"
#include "agent/guard/arm.h"

namespace quanta {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

Record explored() {
  Record r{};
  r.kind = RecordKind::kDecision;
  r.decided = 7 * kMillisecond;
  r.task = 3;
  r.wait = 2 * kMillisecond;
  r.run = kMillisecond;
  r.work = kMillisecond;
  r.w = 0.5F;
  r.importance = 1;
  r.slept = true;
  r.response = r.wait + r.run;
  r.activation = 1e6F;
  r.woken = true;
  r.reward_class = -1;
  r.act.sd = 0.5F;
  r.act.mean = {0.25F, 0, -1};
  r.act.taken = {0.75F, 0, -1};
  r.act.version = 12;
  r.act.x[kInputs - 1] = 0.1F;
  r.grounds.applied = {.burst = 0.125F, .order = 0.75F, .preempt = 0, .slice = -1};
  r.grounds.burst_acts = r.grounds.residual_acts = true;
  return r;
}

TEST(LoggedDecision, HasRewardAndPropensityOfItsRecord) {
  RewardConfig config;
  config.weight[kTermWait] = 2;
  GoingRates rates;
  rates.add(explored(), config);
  const LoggedDecision d = logged(explored(), config, rates);
  EXPECT_EQ(d.arm, "full");
  EXPECT_EQ(d.burst, 0.125F);
  const Terms terms = credit(explored(), config, rates.late_share());
  double sum = 0;
  for (size_t t = 0; t < kTerms; ++t) {
    EXPECT_DOUBLE_EQ(d.terms[t], config.weight[t] * terms[t]);
    sum += d.terms[t];
  }
  EXPECT_LT(d.terms[kTermWait], 0);
  EXPECT_DOUBLE_EQ(d.reward, sum);
  EXPECT_GT(d.earned, 0);
  EXPECT_DOUBLE_EQ(d.earned, rates.price(explored()) * static_cast<double>(explored().run));
  // One head a deviation away, two at their means.
  EXPECT_NEAR(d.log_propensity, -0.5 - 3 * std::log(0.5 * std::sqrt(2 * M_PI)), 1e-12);
}

TEST(LoggedDecision, NamesTheArmThatActed) {
  for (int a = 0; a < kArms; ++a) {
    const Conduct c = conduct_of(static_cast<Arm>(a));
    Record r = explored();
    r.act.sd = 0;
    r.act.mean = r.act.taken = {};
    r.grounds.applied = c.bias;
    r.grounds.burst_acts = c.burst;
    r.grounds.residual_acts = c.residual;
    EXPECT_EQ(logged(r, {}, {}).arm, kArmNames[static_cast<size_t>(a)]);
    r.grounds.applied.preempt += 1;
    EXPECT_EQ(logged(r, {}, {}).arm, "other");
  }
}

TEST(DecisionLogFormat, ALineReadsBackAsTheSameDecision) {
  RewardConfig config;
  config.weighing.classes.emplace_back().name = "a \"b\", #c\n";
  for (const bool named : {false, true}) {
    Record r = explored();
    r.reward_class = named ? 0 : -1;
    LoggedDecision d = logged(r, config, {});
    std::string text = decision_log_header({}, config);
    append_line(text, d);
    if (named) {
      EXPECT_EQ(d.reward_class.back(), '\n');
      d.reward_class.back() = ' ';
    }
    std::vector<LoggedDecision> read;
    const Status status =
        parse_decision_log(text, "d.csv", [&](const LoggedDecision& one) { read.push_back(one); });
    ASSERT_TRUE(status) << status.error().message;
    ASSERT_EQ(read.size(), 1U);
    EXPECT_EQ(read[0], d);
  }
}

TEST(DecisionLogFormat, TheHeaderSaysWhatIsInIt) {
  const std::string header = decision_log_header({.decisions = "d.csv", .share = 0.25}, {});
  EXPECT_THAT(header, StartsWith("# quanta decision log 1\n# "));
  EXPECT_THAT(header, HasSubstr("# Of all decisions, 0.25. Weights of the reward's terms: "
                                "runqueue_wait 1 wakeup_latency 1 slowdown 0 "));
  EXPECT_THAT(header, HasSubstr("\ntime_ns,task,class,arm,"));
  EXPECT_THAT(header, HasSubstr(",reward_deadline_ns,x_burst_mean,x_last_burst,"));
}

}  // namespace
}  // namespace quanta
