// Policies that learn, with the real learner's library.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "agent/eval/eval_json.h"
#include "agent/eval/figures.h"
#include "agent/eval/seed_agent.h"
#include "tests/eval/sample.h"

namespace quanta {
namespace {

using ::testing::HasSubstr;

EvalPlan learning_plan() {
  EvalPlan plan = short_plan({"index", "seed-slice", "full"});
  plan.configs[0].experiment.agent.learner.batch = 128;
  plan.configs[0].experiment.agent.learner.minibatch = 64;
  return plan;
}

TEST(Learning, IsTheSameOnAnyNumberOfThreads) {
  EvalPlan plan = learning_plan();
  const Result<Evaluation> alone = evaluate(plan, nullptr);
  ASSERT_TRUE(alone) << alone.error().message;
  plan.jobs = 4;
  const Result<Evaluation> together = evaluate(plan, nullptr);
  ASSERT_TRUE(together) << together.error().message;
  EXPECT_EQ(to_json(*alone), to_json(*together));
  for (const size_t learning : {1U, 2U}) {
    EXPECT_GT(alone->runs(0, 0, learning)[0].learning.updates, 0U);
  }
}

// A learner that has learnt nothing yet is where "full" starts.
TEST(Learning, GoesOnFromWhatWasLearnt) {
  EvalPlan plan = learning_plan();
  plan.policies = {"full", "resumed"};
  plan.seeds = {5};
  ExperimentConfig& experiment = plan.configs[0].experiment;
  experiment.agent.gate.explore = 0.6;  // so that there is an update in so short a time
  experiment.agent.gate.compare = 0.3;
  experiment.agent.learner.in_integers = true;
  experiment.agent.learner.layers = 2;
  experiment.agent.learner.hidden = 16;
  const Result<Evaluation> refused = evaluate(plan, nullptr);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("nothing that was learnt"));

  LearnerConfig config = experiment.agent.learner;
  config.seed = 5;
  auto learner = make_learner(config);
  ASSERT_TRUE(learner) << learner.error().message;
  Weights weights;
  (*learner)->snapshot(weights);
  experiment.learnt = Learnt{.shape = weights.shape, .learner = (*learner)->save()};
  const auto rewards = [&] {
    const Result<Evaluation> evaluation = evaluate(plan, nullptr);
    EXPECT_TRUE(evaluation) << evaluation.error().message;
    return std::pair(evaluation->rewards(0, 0, 0), evaluation->rewards(0, 0, 1));
  };
  const auto [full, same] = rewards();
  EXPECT_EQ(same, full);

  // The shape is the learnt one's, whatever the configuration asks for.
  experiment.agent.learner.layers = 3;
  experiment.agent.learner.hidden = 32;
  const auto [wider, still_same] = rewards();
  EXPECT_EQ(still_same, full);
  EXPECT_NE(wider, full);
}

TEST(Learning, IsPlottedBesideThePriorAndPutInFigures) {
  const Result<Evaluation> evaluation = evaluate(learning_plan(), nullptr);
  ASSERT_TRUE(evaluation) << evaluation.error().message;
  const CurvePlot plot = learning_curves(*evaluation, 0);
  ASSERT_EQ(plot.panels.size(), 1U);
  ASSERT_EQ(plot.panels[0].series.size(), 3U);
  EXPECT_EQ(plot.panels[0].series[0].name, "index");
  EXPECT_EQ(plot.panels[0].series[0].x.size(), 3U);  // 300 ms in steps of 100 ms
  EXPECT_THAT(learning_table(*evaluation, 0, 200), HasSubstr("short full"));
}

TEST(Learning, NotesWhenTheGuardSawTheLoadChange) {
  EvalPlan plan = learning_plan();
  plan.policies = {"index", "full"};
  plan.seeds = {1};
  const Result<Load> load = parse_load(
      "groups:\n"
      "  beat: {kind: periodic, count: 4, period: 5ms, burst: 500us, until: 1s}\n"
      "  crowd: {kind: periodic, count: 16, period: 10ms, burst: 2ms, from: 1s}\n"
      "  hogs: {kind: hog, count: 6}\n",
      "changing.yaml");
  ASSERT_TRUE(load) << load.error().message;
  plan.loads = {*load};
  ExperimentConfig& experiment = plan.configs[0].experiment;
  experiment.train = 2 * kSecond;
  experiment.agent.gate.window = 10 * kMillisecond;
  experiment.agent.gate.settle = 2 * kMillisecond;
  experiment.agent.gate.rollback = false;
  const Result<Evaluation> evaluation = evaluate(plan, nullptr);
  ASSERT_TRUE(evaluation) << evaluation.error().message;
  EXPECT_TRUE(evaluation->runs(0, 0, 0)[0].notices.empty());
  const std::vector<Notice>& notices = evaluation->runs(0, 0, 1)[0].notices;
  ASSERT_FALSE(notices.empty()) << "the load changed";
  EXPECT_GE(notices[0].time, kSecond);
  EXPECT_LT(notices[0].time, 3 * kSecond / 2);
  EXPECT_THAT(notices[0].what, HasSubstr("drift"));
}

// Feeds the trainer what a policy would have observed of two names.
TEST(SeedPredictor, LearnsHowLongTasksOfANameRunAndStaysSaneForOthers) {
  auto learner = make_seed_learner(1);
  ASSERT_TRUE(learner) << learner.error().message;
  Weights weights;
  (*learner)->snapshot(weights);
  Publisher publisher(weights);
  SeedQueue queue(1 << 14);
  SeedTrainer trainer(**learner, queue, publisher, 1);
  TaskView game;
  TaskView compiler;
  game.name_hash = name_hash("game-render");
  compiler.name_hash = name_hash("cc1plus");
  const auto prediction = [&](const TaskView& view) {
    Features x;
    Outputs y;
    seed_features(view, x);
    publisher.quiescent();
    forward(publisher.current(), x, y);
    return static_cast<double>(seed_prediction(y[0]));
  };
  for (int i = 0; i < 20'000; ++i) {
    SeedSample sample;
    sample.time = static_cast<Nanos>(i) * kMillisecond;
    seed_features(i % 2 ? game : compiler, sample.x);
    sample.target = seed_target(i % 2 ? 500 * kMicrosecond : 40 * kMillisecond);
    queue.push(sample);
    trainer.step();
    publisher.quiescent();
  }
  EXPECT_NEAR(std::log2(prediction(game) / 500e3), 0, 0.2);
  EXPECT_NEAR(std::log2(prediction(compiler) / 40e6), 0, 0.2);
  TaskView stranger;
  stranger.name_hash = name_hash("never-seen");
  EXPECT_GE(prediction(stranger), 100e3);
  EXPECT_LE(prediction(stranger), 100e6);
}

}  // namespace
}  // namespace quanta
