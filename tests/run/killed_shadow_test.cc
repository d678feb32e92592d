// A run that watches the real kernel, killed at random moments: needs root and BTF.
#include <gmock/gmock.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <optional>
#include <random>
#include <thread>
#include <utility>
#include <vector>

#include "env/base/archive.h"
#include "env/trace/kernel_layout.h"
#include "tests/run/killed.h"

namespace quanta {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr size_t kKeep = 2;
constexpr double kInterval = 1;  // s

// 2000 times a second, so that there is something to learn from.
void wake_up_often() {
  while (true) ::usleep(500);
}

class KilledShadow : public ::testing::Test {
 protected:
  void SetUp() override {
    if (const Status s = check_can_trace(); !s) GTEST_SKIP() << s.error().message;
    fs::remove_all(directory_);
    fs::create_directories(directory_);
    std::ofstream(config_) << "env: {shadow: {window: 1s, twin_cpu: 0.3},\n"
                           << "      sim: {workload: " QUANTA_SOURCE_DIR
                              "/configs/workloads/server_hogs.yaml}}\n"
                           << "learner: {batch: 256, hidden: 16, layers: 2}\n"
                           << "metrics: {address: none}\n"
                           << "checkpoint: {directory: " << saved_
                           << ", interval: 1s, keep: " << kKeep << "}\n";
    load_.emplace(wake_up_often);
  }
  void TearDown() override { fs::remove_all(directory_); }
  std::string newest() const { return list_checkpoints(saved_).front(); }

  const std::string directory_ = testing::TempDir() + "killed_shadow_" + std::to_string(::getpid());
  const std::string saved_ = directory_ + "/saved";
  const std::string config_ = directory_ + "/config.yaml";
  std::optional<Child> load_;
};

// Of the keeper's state, what another run takes over: its counts begin with the run.
std::pair<std::vector<char>, bool> what_was_good(const Checkpoint& checkpoint) {
  const std::string* state = checkpoint.find("keeper");
  std::pair<std::vector<char>, bool> good;
  EXPECT_NE(state, nullptr);
  if (state == nullptr) return good;
  StateLoader loader(*state);
  loader(good.first, good.second);
  return good;
}

TEST_F(KilledShadow, AtAnyMomentItLosesAtMostOneIntervalOfLearning) {
  std::mt19937 random(2);
  std::string before;  // the newest checkpoint at the last kill
  uint64_t saved = 0;
  for (int kill = 0; kill < 4; ++kill) {
    RunningCommand run({"run", "--env", "shadow", "--log-level", "info", "--config", config_,
                        "--stats", "0.1", "--continue"});
    const size_t lines = std::uniform_int_distribution<size_t>(12, 25)(random);
    while (run.stats().size() < lines || updates_vouched_for(run.stats(), kInterval) <= saved) {
      ASSERT_TRUE(run.runs()) << run.err();
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    if (kill % 2 == 1) {
      while (::access((saved_ + "/unfinished").c_str(), F_OK) != 0) ASSERT_TRUE(run.runs());
    }
    run.end(SIGKILL);
    const std::vector<StatsLine> said = run.stats();
    if (!before.empty()) {
      EXPECT_THAT(run.err(), AllOf(HasSubstr(before + ": gives the learned policy"),
                                   Not(HasSubstr("trying"))));
      EXPECT_GE(said.front().updates, saved);
    }
    expect_whole(saved_, kKeep);
    before = newest();
    const uint64_t updates = updates_of(read_checkpoint(before).value());
    EXPECT_GE(updates, updates_vouched_for(said, kInterval));
    saved = updates;
  }

  // What is restored is saved again: network, optimiser and statistics.
  const Checkpoint last = read_checkpoint(before).value();
  const Outcome on = call("run --env sim --duration 0 --config " + config_ + " --resume " + saved_);
  ASSERT_EQ(on.exit_code, 0) << on.said;
  expect_tidy(saved_, kKeep);
  EXPECT_NE(newest(), before);
  const Checkpoint again = read_checkpoint(newest()).value();
  expect_same_state(again, last, {"weights", "learner"});
  EXPECT_EQ(what_was_good(again), what_was_good(last));
}

}  // namespace
}  // namespace quanta
