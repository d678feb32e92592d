// With the real learner: a run that was stopped and resumed is the run that was not.
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/run/exact.h"

namespace quanta {
namespace {

TEST(ExactContinuation, WithTheTorchLearner) {
  const std::string directory = testing::TempDir() + "exact_torch_test";
  std::filesystem::remove_all(directory);
  Config config;
  config.learner.batch = 512;
  config.sim.workload = QUANTA_SOURCE_DIR "/configs/workloads/game_build.yaml";
  // The first updates train the value only: parameters that have not been stepped yet come in.
  for (const uint64_t updates : {1U, 6U}) {
    expect_exact_continuation(
        config,
        [](const LearnerConfig& learner) {
          Result<std::unique_ptr<Learner>> made = make_learner(learner);
          EXPECT_TRUE(made) << made.error().message;
          return *std::move(made);
        },
        updates, directory);
  }
  std::filesystem::remove_all(directory);
}

TEST(ExactContinuation, ALearnerOfAnotherShapeIsRefused) {
  LearnerConfig config;
  const std::string state = (*make_learner(config))->save();
  config.hidden = 16;
  EXPECT_FALSE((*make_learner(config))->load(state));
  config = {};
  config.layers = 2;
  EXPECT_FALSE((*make_learner(config))->load(state));
  EXPECT_FALSE((*make_learner(LearnerConfig()))->load(state.substr(0, state.size() / 2)));
}

}  // namespace
}  // namespace quanta
