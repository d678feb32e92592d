// Which checkpoint a run goes on from, and what becomes of those that do not fit.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "tests/hot/perturbing_learner.h"
#include "tests/run/exact.h"

namespace quanta {
namespace {

namespace fs = std::filesystem;

constexpr const char* kText = "the configuration";

std::unique_ptr<Learner> perturbing(const LearnerConfig& config) {
  return std::make_unique<PerturbingLearner>(config);
}

class Resume : public ::testing::Test {
 protected:
  Resume() {
    fs::remove_all(directory_);
    config_.learner.batch = 128;
    config_.sim.workload = QUANTA_SOURCE_DIR "/configs/workloads/game_build.yaml";
  }
  ~Resume() override { fs::remove_all(directory_); }

  MakeSession make(const Config& config) {
    return [this, &config] { return hashed_session(config, learner_, hash_); };
  }
  // Runs for so many updates and saves.
  void save(const Config& config, uint64_t updates, const std::string& text = kText) {
    Session session = make(config)().value();
    run_lockstep(*session.agent, {.updates = updates}, [](bool) {});
    const Checkpoint checkpoint =
        checkpoint_of(*session.agent, text, session.env.identity, true).value();
    ASSERT_TRUE(CheckpointStore(directory_, 10).save(checkpoint));
  }
  Result<Session> resume(const Config& config) {
    return resume_session(directory_, kText, make(config));
  }
  std::string newest() const { return list_checkpoints(directory_).front(); }

  const std::string directory_ = testing::TempDir() + "resume_test_" +
                                 testing::UnitTest::GetInstance()->current_test_info()->name();
  Config config_;
  MakeLearner learner_ = perturbing;
  uint64_t hash_ = 0;
};

TEST_F(Resume, IsTheSameRunToTheByte) {
  for (const char* workload : {"game_build.yaml", "server_hogs.yaml", "desktop.trace"}) {
    fs::remove_all(directory_);
    config_.sim.workload = std::string(QUANTA_SOURCE_DIR "/configs/workloads/") + workload;
    expect_exact_continuation(config_, perturbing, 5, directory_);
  }
}

TEST_F(Resume, TakesTheNewest) {
  save(config_, 3);
  save(config_, 6);
  const Result<Session> session = resume(config_);
  ASSERT_TRUE(session) << session.error().message;
  EXPECT_EQ(session->agent->cold.updates(), 6U);
  EXPECT_GT(session->env.env->now(), 0U);
}

TEST_F(Resume, FromACorruptOneFallsBackToTheOneBefore) {
  save(config_, 3);
  save(config_, 6);
  fs::resize_file(newest(), fs::file_size(newest()) - 10);
  const Result<Session> session = resume(config_);
  ASSERT_TRUE(session) << session.error().message;
  EXPECT_EQ(session->agent->cold.updates(), 3U);
}

TEST_F(Resume, PrefersAnOlderOneOfThisRunToANewerOneOfAnother) {
  save(config_, 3);
  Config other = config_;
  other.sim.machine.cpus = 8;
  save(other, 6);
  const Result<Session> session = resume(config_);
  ASSERT_TRUE(session) << session.error().message;
  EXPECT_EQ(session->agent->cold.updates(), 3U);
  EXPECT_GT(session->env.env->now(), 0U);
}

TEST_F(Resume, FromAnotherMachineTakesThePolicyAlone) {
  Config other = config_;
  other.sim.machine.cpus = 8;
  save(other, 6);
  const Result<Session> session = resume(config_);
  ASSERT_TRUE(session) << session.error().message;
  EXPECT_EQ(session->agent->cold.updates(), 6U);
  EXPECT_EQ(session->agent->hot.publisher.current().version, 6U);
  EXPECT_EQ(session->env.env->now(), 0U);
}

TEST_F(Resume, FromAnotherConfigurationTakesThePolicyAlone) {
  save(config_, 6, "another configuration");
  const Result<Session> session = resume(config_);
  ASSERT_TRUE(session) << session.error().message;
  EXPECT_EQ(session->agent->cold.updates(), 6U);
  EXPECT_EQ(session->env.env->now(), 0U);
}

TEST_F(Resume, FromAnotherVersionsStateTakesThePolicyAlone) {
  save(config_, 6);
  Checkpoint checkpoint = read_checkpoint(newest()).value();
  for (CheckpointSection& section : checkpoint.sections) {
    if (section.name == "state") section.content.back() ^= 1;
  }
  ASSERT_TRUE(CheckpointStore(directory_, 1).save(checkpoint));
  const Result<Session> session = resume(config_);
  ASSERT_TRUE(session) << session.error().message;
  EXPECT_EQ(session->agent->cold.updates(), 6U);
  EXPECT_EQ(session->env.env->now(), 0U);
}

TEST_F(Resume, RefusesANetworkOfAnotherShape) {
  Config other = config_;
  other.learner.hidden = 16;
  save(other, 3);
  const Result<Session> session = resume(config_);
  ASSERT_FALSE(session);
  EXPECT_EQ(session.error().message, directory_ + ": no checkpoint here fits");
}

TEST_F(Resume, RefusesAnotherLayout) {
  save(config_, 3);
  Checkpoint checkpoint = read_checkpoint(newest()).value();
  ++checkpoint.layout;
  ASSERT_TRUE(CheckpointStore(directory_, 1).save(checkpoint));
  EXPECT_FALSE(resume(config_));
}

TEST_F(Resume, RefusesWeightsThatAreNotFinite) {
  save(config_, 3);
  Checkpoint checkpoint = read_checkpoint(newest()).value();
  for (CheckpointSection& section : checkpoint.sections) {
    if (section.name == "weights")
      section.content[500] = static_cast<char>(section.content[500] ^ 1);
  }
  ASSERT_TRUE(CheckpointStore(directory_, 1).save(checkpoint));
  EXPECT_FALSE(resume(config_));
}

TEST_F(Resume, AnEmptyDirectoryIsAnError) {
  const Result<Session> session = resume(config_);
  ASSERT_FALSE(session);
  EXPECT_EQ(session.error().message, directory_ + ": there is no checkpoint here");
}

TEST_F(Resume, WithoutALearnerRunsTheSavedPolicyWithoutExploring) {
  save(config_, 6);
  learner_ = [](const LearnerConfig&) { return nullptr; };
  Result<Session> session = resume(config_);
  ASSERT_TRUE(session) << session.error().message;
  EXPECT_EQ(session->agent->hot.publisher.current().exploration_sd, 0);
  EXPECT_EQ(session->agent->hot.publisher.current().version, 6U);
  const Nanos end = session->env.env->now() + kSecond;
  run_lockstep(*session->agent, {.until = end}, [](bool) {});
  EXPECT_EQ(session->agent->cold.updates(), 6U);
  EXPECT_GE(session->env.env->now(), end);
}

}  // namespace
}  // namespace quanta
