// Whole evaluations in the simulator.
#include "agent/eval/evaluation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agent/eval/eval_json.h"
#include "agent/eval/statistics.h"
#include "tests/eval/sample.h"

namespace quanta {
namespace {

std::string json_of(const EvalPlan& plan) {
  const Result<Evaluation> evaluation = evaluate(plan, nullptr);
  return evaluation ? to_json(*evaluation) : evaluation.error().message;
}

TEST(Evaluation, IsTheSameEveryTimeOnAnyNumberOfThreads) {
  EvalPlan plan = short_plan({"eevdf", "index"});
  const std::string once = json_of(plan);
  EXPECT_EQ(json_of(plan), once);
  plan.jobs = 3;
  EXPECT_EQ(json_of(plan), once);
  plan.seeds = {1, 3};
  EXPECT_NE(json_of(plan), once);
}

TEST(Evaluation, FindsEveryRunWhereItBelongs) {
  EvalPlan plan = short_plan({"eevdf", "heuristic", "index"});
  plan.jobs = 2;
  size_t calls = 0;
  const Result<Evaluation> evaluation =
      evaluate(plan, [&](size_t done, size_t total, const std::string&) {
        EXPECT_EQ(done, ++calls);
        EXPECT_EQ(total, 6U);
      });
  ASSERT_TRUE(evaluation) << evaluation.error().message;
  EXPECT_EQ(calls, 6U);
  for (size_t p = 0; p < plan.policies.size(); ++p) {
    const auto runs = evaluation->runs(0, 0, p);
    ASSERT_EQ(runs.size(), 2U);
    for (size_t s = 0; s < 2; ++s) {
      EXPECT_EQ(runs[s].policy, plan.policies[p]);
      EXPECT_EQ(runs[s].seed, plan.seeds[s]);
    }
  }
  EXPECT_EQ(evaluation->policy("index"), 2U);
}

TEST(Evaluation, EndsWithTheNameOfARunThatFails) {
  const EvalPlan plan = short_plan({"index", "nonsense"});
  const Result<Evaluation> evaluation = evaluate(plan, nullptr);
  ASSERT_FALSE(evaluation);
  EXPECT_EQ(evaluation.error().message, "default: nonsense on short, seed 1: unknown policy");
}

// Tools of a build exit while the agent still decides on what happened before.
TEST(Evaluation, LetsTheClairvoyantMeetTasksThatAreAlreadyGone) {
  EvalPlan plan = short_plan({"clairvoyant"});
  const Result<Load> load = read_load(QUANTA_SOURCE_DIR "/configs/workloads/game_build.yaml");
  ASSERT_TRUE(load) << load.error().message;
  plan.loads = {*load};
  plan.configs[0].experiment.train = kSecond;
  plan.configs[0].experiment.measure = 2 * kSecond;
  EXPECT_TRUE(evaluate(plan, nullptr));
}

TEST(Evaluation, TellsThePriorFromEevdfOnPeriodicTasksBesideHogs) {
  EvalPlan plan = short_plan({"eevdf", "index"});
  const Result<Load> load = read_load(QUANTA_SOURCE_DIR "/configs/workloads/periodic_hogs.yaml");
  ASSERT_TRUE(load) << load.error().message;
  plan.loads = {*load};
  plan.seeds = {1, 2, 3};
  plan.configs[0].experiment.measure = 2 * kSecond;
  const Result<Evaluation> evaluation = evaluate(plan, nullptr);
  ASSERT_TRUE(evaluation) << evaluation.error().message;
  const Interval gain =
      paired_difference(evaluation->rewards(0, 0, 1), evaluation->rewards(0, 0, 0));
  EXPECT_EQ(verdict(gain), Verdict::kBetter) << gain.mean << " ± " << gain.half;
}

}  // namespace
}  // namespace quanta
