// What one session leaves to the next where the environment wants to be opened anew.
#include "agent/run/sessions.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "agent/checkpoint/store.h"
#include "tests/hot/perturbing_learner.h"
#include "tests/run/passing_env.h"

namespace quanta {
namespace {

namespace fs = std::filesystem;

// Ends when and how it is told to.
class MortalEnv final : public PassingEnv {
 public:
  MortalEnv(std::unique_ptr<Env> env, std::function<bool()> over, std::function<Ending()> how)
      : PassingEnv(*env), env_(std::move(env)), over_(std::move(over)), how_(std::move(how)) {}

  bool finished() const override { return over_(); }
  Ending ending() const override { return how_(); }

 private:
  std::unique_ptr<Env> env_;
  std::function<bool()> over_;
  std::function<Ending()> how_;
};

class Sessions : public ::testing::Test {
 protected:
  static constexpr uint64_t kUpdates = 3;  // for which an environment lives
  static constexpr size_t kLives = 3;

  Sessions() {
    config_.checkpoint.directory = testing::TempDir() + "sessions_test";
    fs::remove_all(config_.checkpoint.directory);
    config_.learner.batch = 128;
    config_.sim.workload = QUANTA_SOURCE_DIR "/configs/workloads/game_build.yaml";
    config_.metrics.address = "none";
    config_.checkpoint.interval = 3600 * kSecond;
  }
  ~Sessions() override { fs::remove_all(config_.checkpoint.directory); }

  Result<Session> make() {
    OpenedEnv opened = open_env("sim", config_).value();
    opened.env = std::make_unique<MortalEnv>(
        std::move(opened.env), [this] { return over(); }, [this] { return ending(); });
    auto agent = std::make_unique<Agent>(config_, *opened.env);
    agent->learn(std::make_unique<PerturbingLearner>(config_.learner));
    agent_ = agent.get();
    return Session{std::move(opened), std::move(agent)};
  }
  bool over() {
    if (begun_.size() == ended_) {
      begun_.push_back(agent_->hot.publisher.current());
      saved_.push_back(list_checkpoints(config_.checkpoint.directory));
    }
    return agent_->cold.updates() >= begun_.back().version + kUpdates;
  }
  Ending ending() { return {.line = "it ends", .exit_code = 7, .restart = ++ended_ < kLives}; }

  Config config_;
  Agent* agent_ = nullptr;
  size_t ended_ = 0;
  // As each session begins:
  std::vector<Weights> begun_;
  std::vector<std::vector<std::string>> saved_;
};

TEST_F(Sessions, TheNextGoesOnWithWhatWasLearntAndSavedBefore) {
  const std::atomic<bool> interrupted{false};
  const Result<int> code = run_sessions(
      make().value(), [this] { return make(); }, "the configuration", config_, {}, nullptr,
      interrupted);
  ASSERT_TRUE(code) << code.error().message;
  EXPECT_EQ(*code, 7) << "that of the last";
  ASSERT_EQ(begun_.size(), kLives);
  for (size_t i = 0; i < kLives; ++i) {
    EXPECT_EQ(begun_[i].version, i * kUpdates);
    ASSERT_EQ(saved_[i].size(), i);
    if (i == 0) continue;
    const Weights saved = read_weights(read_checkpoint(saved_[i].front()).value()).value();
    EXPECT_EQ(saved.checksum, begun_[i].checksum);
    EXPECT_NE(saved.checksum, begun_[i - 1].checksum);
  }
  const auto last = list_checkpoints(config_.checkpoint.directory).front();
  EXPECT_EQ(read_weights(read_checkpoint(last).value())->version, kLives * kUpdates);
}

}  // namespace
}  // namespace quanta
