// What people and programs read of an evaluation.
#include "agent/eval/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "agent/eval/eval_json.h"
#include "agent/eval/table.h"
#include "tests/eval/sample.h"

namespace quanta {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Table, AlignsCharactersNotBytes) {
  Table table({"name", "value"});
  table.add({"a", "1 ±2"});
  table.add({"long", "12345"});
  EXPECT_EQ(table.render(80), "name  value\na      1 ±2\nlong  12345\n");
}

TEST(Table, ContinuesInBlocksThatFitTheTerminal) {
  Table table({"w", "one", "two", "six"});
  table.add({"x", "1", "2", "6"});
  EXPECT_EQ(table.render(11), "w  one  two\nx    1    2\n\nw  six\nx    6\n");
  EXPECT_EQ(table.render(1), "w  one\nx    1\n\nw  two\nx    2\n\nw  six\nx    6\n");
}

TEST(RewardTable, HasTheMeanWithItsHalfWidth) {
  // Of 1 and 3: mean 2, half-width t(1) * 1 = 12.7062.
  EXPECT_EQ(reward_table(sample_evaluation(1, 3, 2, 2), 0, 100),
            "reward            eevdf           index\n"
            "tiny    2.0000 ±12.7062  2.0000 ±0.0000\n");
}

TEST(DifferenceTable, MarksOnlyWhatIsApartFromNoise) {
  EXPECT_EQ(difference_table(sample_evaluation(1, 3, 2, 4), 0, "index", 100),
            "reward - index              eevdf\n"
            "tiny            -1.0000 ±0.0000 -\n");
  EXPECT_THAT(difference_table(sample_evaluation(1, 9, 2, 2), 0, "index", 100), HasSubstr(" =\n"));
  EXPECT_THAT(difference_table(sample_evaluation(5, 6, 2, 3), 0, "index", 100), HasSubstr(" +\n"));
}

TEST(SummaryTable, CountsWorkloadsAgainstEachReference) {
  EXPECT_EQ(summary_table(sample_evaluation(1, 3, 2, 4), 0, 100),
            "workloads better / same / worse   vs eevdf   vs index\n"
            "eevdf                                       0 / 0 / 1\n"
            "index                            1 / 0 / 0           \n");
}

TEST(GoalTables, AreInUnitsForPeople) {
  const std::string tables = goal_tables(sample_evaluation(1, 1, 1, 1), 0, 100);
  EXPECT_THAT(tables, HasSubstr("game/done_per_second         60.0/s    60.0/s"));
  EXPECT_THAT(tables, HasSubstr("game/response_p99_seconds      16ms      16ms"));
  EXPECT_THAT(tables, HasSubstr("wakeup_p50_seconds           40.0us"));
  EXPECT_THAT(tables, HasSubstr("min_share_ratio                0.80"));
  EXPECT_THAT(tables, Not(HasSubstr("misses"))) << "a row of zeros";
}

TEST(Json, IsOneRowPerRunInBaseUnits) {
  const auto rows = nlohmann::json::parse(to_json(sample_evaluation(1, 2, 3, 4)));
  ASSERT_EQ(rows.size(), 4U);
  const nlohmann::json& row = rows[2];
  EXPECT_EQ(row["config"], "interactive");
  EXPECT_EQ(row["workload"], "tiny");
  EXPECT_EQ(row["policy"], "index");
  EXPECT_EQ(row["seed"], 1);
  EXPECT_EQ(row["reward"], 3.0);
  EXPECT_EQ(row["terms"].size(), size_t{kTerms});
  EXPECT_EQ(row["terms"]["runqueue_wait"], 0.25);
  const nlohmann::json& metrics = row["metrics"];
  EXPECT_DOUBLE_EQ(metrics["game/done_per_second"], 60);
  EXPECT_NEAR(metrics["game/response_p99_seconds"], 0.016, 0.0005);
  EXPECT_DOUBLE_EQ(metrics["wakeup_p99_seconds"], 0.0015);
  EXPECT_DOUBLE_EQ(metrics["min_share_ratio"], 0.8);
  EXPECT_EQ(metrics["hogs/done_per_second"], 0);
  EXPECT_FALSE(metrics.contains("hogs/response_p99_seconds"));
}

TEST(Json, SurvivesAGroupNameThatIsNotText) {
  EvalPlan plan = sample_evaluation(1, 1, 1, 1).plan();
  plan.policies = {"index"};
  plan.seeds = {1};
  Experiment run = sample_run("index", 1, 1);
  run.groups[0].name = "\xff";
  EXPECT_EQ(nlohmann::json::parse(to_json(Evaluation(plan, {run}))).size(), 1U);
}

}  // namespace
}  // namespace quanta
