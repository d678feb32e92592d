// How a policy gets over changes of its load, from curves made by hand.
#include "agent/eval/recovery.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agent/eval/figures.h"
#include "agent/eval/recovery_report.h"
#include "tests/eval/sample.h"

namespace quanta {
namespace {

using ::testing::ContainsRegex;
using ::testing::ElementsAre;

// Steps of a second, each a little late, as in a simulation.
std::vector<CurvePoint> steps(const std::vector<double>& rewards) {
  std::vector<CurvePoint> points;
  for (const double reward : rewards) points.push_back({(points.size() + 1) * kSecond + 7, reward});
  return points;
}

std::vector<double> rewards(std::span<const CurvePoint> points) {
  std::vector<double> values;
  for (const CurvePoint& point : points) values.push_back(point.reward);
  return values;
}

TEST(Changes, AreWhenGroupsComeAndGoBeforeTheEnd) {
  Load load;
  load.groups = {{.name = "early", .until = 5 * kSecond},
                 {.name = "late", .from = 5 * kSecond, .until = 9 * kSecond},
                 {.name = "first", .from = 2 * kSecond, .until = 20 * kSecond},
                 {.name = "always"}};
  EXPECT_THAT(changes_of(load, 20 * kSecond), ElementsAre(2 * kSecond, 5 * kSecond, 9 * kSecond));
  EXPECT_TRUE(changes_of(load, 2 * kSecond).empty());
}

TEST(Phase, IsTheStepsThatBeginInIt) {
  const auto whole = steps({1, 2, 3, 4, 5});
  EXPECT_THAT(rewards(phase_of(whole, 0, 2 * kSecond)), ElementsAre(1, 2));
  EXPECT_THAT(rewards(phase_of(whole, 2 * kSecond, 4 * kSecond)), ElementsAre(3, 4));
  EXPECT_THAT(rewards(phase_of(whole, 4 * kSecond, 9 * kSecond)), ElementsAre(5));
  EXPECT_TRUE(phase_of(whole, 9 * kSecond, 10 * kSecond).empty());
}

TEST(Recovery, IsTheTimeUntilFivePointsAreWithinTheNoiseOfTheLastHalf) {
  // Means of five in the last half are 10 to 10.4.
  const Recovery r =
      recovery(steps({-8, 2, 10, 2, 6, 10, 10, 10, 10, 10, 10, 11, 10, 10, 9, 10, 11, 10, 11, 10}));
  EXPECT_DOUBLE_EQ(r.settled, 10.2);
  EXPECT_EQ(r.worst, -8);
  EXPECT_EQ(r.after, 5 * kSecond) << "a single good moment does not count";
}

TEST(Recovery, MayTakeNoTimeAndIsUnknownForAFewPoints) {
  EXPECT_EQ(recovery(steps(std::vector<double>(12, 3))).after, 0U);
  EXPECT_FALSE(recovery(steps({1, 2, 3, 4, 5, 6})).after);
  EXPECT_FALSE(recovery({}).after);
}

TEST(EarlyMean, IsThatOfTheStepsThatBeginInTime) {
  EXPECT_EQ(early_mean(steps({2, 4, 9, 9}), 2 * kSecond), 3);
  EXPECT_EQ(early_mean(steps({2, 4}), 9 * kSecond), 3);
  EXPECT_EQ(early_mean({}, kSecond), 0);
}

// After 12 s the prior falls from 1 to 0.5; "full" falls to 0 and is at 0.75 two seconds later.
Evaluation changing() {
  EvalPlan plan;
  plan.configs = {NamedConfig{.name = "interactive", .experiment = {}}};
  plan.configs[0].experiment.train = 24 * kSecond;
  plan.loads.resize(1);
  plan.loads[0].name = "tiny";
  plan.loads[0].groups = {{.name = "beat", .until = 12 * kSecond}};
  plan.policies = {"full", "index"};
  plan.seeds = {7};
  Experiment full = sample_run("full", 7, 1);
  Experiment index = sample_run("index", 7, 1);
  std::vector<double> learned(24, 1);
  std::vector<double> prior(24, 1);
  std::fill(learned.begin() + 12, learned.end(), 0.75);
  std::fill(prior.begin() + 12, prior.end(), 0.5);
  learned[12] = learned[13] = 0;
  full.curve = steps(learned);
  index.curve = steps(prior);
  full.learning.updates = 1;
  full.notices = {{13 * kSecond, "guard: drift"}};
  return {plan, {full, index}};
}

TEST(RecoveryTable, HasEachPhaseOfEachPolicyAndWhatItIsLessThePrior) {
  const std::string table = recovery_table(changing(), 0, 200);
  EXPECT_THAT(table, ContainsRegex("tiny at 0s: full +1 +0s +0 +0 +0 +0\n"));
  EXPECT_THAT(table, ContainsRegex("tiny at 12s: full +0.75 +2s +-0.75 +0.1 +-0.5 +0.25\n"));
  EXPECT_THAT(table, ContainsRegex("tiny at 12s: index +0.5 +0s +0 +- +- +-\n"));
}

TEST(GuardTable, SaysWhenItInterfered) {
  EXPECT_THAT(guard_table(changing(), 0, 200),
              ContainsRegex("tiny: full +7 +13.0s +guard: drift\n"));
}

TEST(ChangingLoads, AreMarkedInTheCurvesAndHaveNoSingleTimeToLearn) {
  const CurvePlot plot = learning_curves(changing(), 0);
  ASSERT_EQ(plot.panels.size(), 2U);
  EXPECT_THAT(plot.panels[0].marks, ElementsAre(12));
  EXPECT_EQ(plot.panels[0].series[1].name, "full");
  EXPECT_EQ(plot.panels[1].title, "tiny, less the prior");
  EXPECT_EQ(plot.panels[1].series[0].y.back().mean, 0);
  EXPECT_EQ(plot.panels[1].series[1].y.back().mean, 0.25);
  EXPECT_EQ(learning_table(changing(), 0, 200), "");
}

TEST(ChangingLoads, AreAllThatTheTablesAreOf) {
  const Evaluation steady = sample_evaluation(1, 2, 3, 4);
  EXPECT_EQ(recovery_table(steady, 0, 200), "");
  EXPECT_EQ(guard_table(steady, 0, 200), "");
}

}  // namespace
}  // namespace quanta
