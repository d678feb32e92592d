// A simulated run that is killed at random moments, and while it writes a checkpoint.
#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <random>
#include <thread>

#include "tests/run/killed.h"

namespace quanta {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr size_t kKeep = 2;
constexpr double kInterval = 1;  // s

class Killed : public ::testing::Test {
 protected:
  Killed() {
    fs::remove_all(directory_);
    fs::create_directories(directory_);
    std::ofstream(directory_ + "/config.yaml")
        << "env: {sim: {workload: " QUANTA_SOURCE_DIR "/configs/workloads/server_hogs.yaml}}\n"
        << "learner: {batch: 256}\n"
        << "metrics: {address: none}\n"
        << "checkpoint: {directory: " << saved_ << ", interval: 1s, keep: " << kKeep << "}\n";
  }
  ~Killed() override { fs::remove_all(directory_); }

  std::vector<std::string> arguments() const {
    return {"run", "--env", "sim", "--config", config(), "--stats", "0.1", "--continue"};
  }
  std::string config() const { return directory_ + "/config.yaml"; }
  std::string newest() const { return list_checkpoints(saved_).front(); }

  const std::string directory_ = testing::TempDir() + "killed_" + std::to_string(::getpid());
  const std::string saved_ = directory_ + "/saved";
};

TEST_F(Killed, AtAnyMomentItLosesAtMostOneIntervalAndGoesOnToTheSameRun) {
  std::mt19937 random(1);
  constexpr int kKills = 8;
  bool resumed = false;
  uint64_t saved = 0;
  for (int kill = 0; kill < kKills; ++kill) {
    RunningCommand run(arguments());
    const size_t lines = std::uniform_int_distribution<size_t>(resumed ? 1 : 15, 40)(random);
    const auto more = std::chrono::microseconds(std::uniform_int_distribution(0, 3000)(random));
    while (run.stats().size() < lines) {
      ASSERT_TRUE(run.runs()) << run.err();
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    if (kill % 2 == 0) {
      std::this_thread::sleep_for(more);
    } else {  // in the middle of writing, if it is not too late
      while (::access((saved_ + "/unfinished").c_str(), F_OK) != 0) ASSERT_TRUE(run.runs());
    }
    run.end(SIGKILL);
    const std::vector<StatsLine> said = run.stats();
    if (resumed) {
      EXPECT_THAT(run.err(),
                  AllOf(HasSubstr("goes on exactly where it stopped"), Not(HasSubstr("trying"))));
      EXPECT_GE(said.front().updates, saved);
    }
    expect_whole(saved_, kKeep);
    ASSERT_FALSE(list_checkpoints(saved_).empty());
    const uint64_t before = std::exchange(saved, updates_of(read_checkpoint(newest()).value()));
    EXPECT_GE(saved, before);
    EXPECT_GE(saved, updates_vouched_for(said, kInterval));
    resumed = true;
  }

  // One that was never killed comes to the same state, the optimiser's and the machine's too.
  const std::string steps = "run --env sim --config " + config() + " --steps ";
  ASSERT_EQ(call(steps + "20 --resume " + saved_).exit_code, 0);
  expect_tidy(saved_, kKeep);
  const Checkpoint got = read_checkpoint(newest()).value();
  EXPECT_EQ(updates_of(got), saved + 20);
  fs::remove_all(saved_);
  ASSERT_EQ(call(steps + std::to_string(saved + 20)).exit_code, 0);
  expect_same_state(got, read_checkpoint(newest()).value());
}

}  // namespace
}  // namespace quanta
