#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "agent/status/client.h"
#include "tests/policy/random_net.h"
#include "tests/status/sample.h"

namespace quanta {
namespace {

TEST(ReportJson, TasksComeBackAsTheyWere) {
  TasksReport report = sample_tasks();
  report.learning.kl.value = std::numeric_limits<double>::quiet_NaN();
  report.learning.entropy.value = 1.5;
  report.machine.reward_terms[kTermWait] = -0.25;
  const Result<TasksReport> back = parse_tasks(to_json(report));
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(to_json(*back), to_json(report));
  ASSERT_EQ(back->tasks.size(), 3U);
  EXPECT_EQ(back->tasks[1].comm, "game");
  EXPECT_EQ(back->tasks[1].wait_ns, 20e3);
  EXPECT_TRUE(back->tasks[2].exited);
  EXPECT_EQ(back->machine.reward_terms[kTermWait], -0.25);
  EXPECT_EQ(back->learning.arms[1].uplift, 0.04);
  ASSERT_EQ(back->learning.terms.size(), 3U);
  EXPECT_EQ(back->learning.terms[2].name, "throughput");
  EXPECT_EQ(back->learning.terms[2].standard_error, 0.01);
  EXPECT_EQ(back->learning.entropy.value, 1.5);
  EXPECT_TRUE(std::isnan(back->learning.kl.value));
}

TEST(ReportJson, DecisionsComeBackAsTheyWere) {
  DecisionsReport report;
  report.tasks.push_back(sample_task());
  report.tasks[0].decision.features[kInputs - 1] = 4.25F;
  const Result<DecisionsReport> back = parse_decisions(to_json(report));
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(to_json(*back), to_json(report));
  EXPECT_EQ(back->tasks[0].decision.features[kInputs - 1], 4.25F);
  EXPECT_EQ(back->tasks[0].decision.victim_weight, 0.5);
}

TEST(ReportJson, WeightsComeBackToTheBit) {
  Rng rng(5, 1);
  for (int i = 0; i < 10; ++i) {
    PolicyReport report;
    report.weights = random_net(rng, random_shape(rng));
    report.weights.version = 12;
    report.weights.checksum = checksum_of(report.weights);
    report.index.slice = 3 * kMillisecond;
    report.packed = packed_report(report.weights, true);
    const Result<PolicyReport> back = parse_policy(to_json(report));
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(back->weights.checksum, report.weights.checksum);
    EXPECT_EQ(back->index.slice, 3 * kMillisecond);
    EXPECT_EQ(back->packed.problem, report.packed.problem);
  }
}

TEST(ReportJson, ANameThatIsNoTextIsReplaced) {
  TasksReport report = sample_tasks();
  report.tasks[0].comm = "\xff\x1b[2J";
  const Result<TasksReport> back = parse_tasks(to_json(report));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->tasks[0].comm.find('\xff'), std::string::npos);
}

TEST(ReportJson, AnythingElseIsOneLine) {
  for (const char* text : {"", "{", "[]", "null", "{\"tasks\":3}", "\xff\xfe", "\"x\"", "1e999"}) {
    for (const std::string& said :
         {parse_tasks(text).error().message, parse_decisions(text).error().message,
          parse_policy(text).error().message}) {
      EXPECT_EQ(said, "what answers is not a report of this version of Quanta") << text;
    }
  }
}

TEST(ReportJson, WeightsThatDoNotFitTheirShapeAreRefused) {
  Rng rng(5, 1);
  PolicyReport report;
  report.weights = random_net(rng, shape_of({16, 16}));
  const nlohmann::json good = nlohmann::json::parse(to_json(report));
  ASSERT_TRUE(parse_policy(good.dump()));
  for (const nlohmann::json& shape :
       {nlohmann::json{16, 32, 32, 4}, nlohmann::json{16, 16, 4}, nlohmann::json{16, 99, 16, 4},
        nlohmann::json{16, -1, 16, 4}, nlohmann::json{16, 16, 16, 16, 16, 16}}) {
    nlohmann::json bad = good;
    bad["shape"] = shape;
    EXPECT_FALSE(parse_policy(bad.dump())) << shape;
  }
  nlohmann::json bad = good;
  bad["layers"][0]["weights"][0][0] = 1e30;
  EXPECT_FALSE(parse_policy(bad.dump()));
}

TEST(PackedReport, SaysWhatTheKernelHasOrWhyNot) {
  Rng rng(7, 1);
  const PackedReport fits = packed_report(random_net(rng, shape_of({16, 16})), true);
  EXPECT_EQ(fits.problem, "");
  EXPECT_GT(fits.largest[0], 0);
  EXPECT_FALSE(packed_report(random_net(rng, shape_of({32, 32, 32})), false).problem.empty());
}

TEST(FindTask, ByPidOrByName) {
  DecisionsReport report;
  report.tasks = {sample_task(), sample_task()};
  report.tasks[1].task.pid = 43;
  EXPECT_EQ(find_task(report, "game")->task.pid, 42U);  // seen last
  EXPECT_EQ(find_task(report, "43")->task.pid, 43U);
  EXPECT_EQ(find_task(report, "gmae").error().message,
            "no decision about 'gmae' has been recorded lately; did you mean 'game'?");
  EXPECT_EQ(find_task({}, "7").error().message,
            "no decision about '7' has been recorded lately; scx_quanta top lists those that have");
}

}  // namespace
}  // namespace quanta
