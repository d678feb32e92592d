// `scx_quanta run --env shadow` as a person calls it: needs root and BTF.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ctime>
#include <filesystem>
#include <fstream>
#include <string>

#include "env/trace/kernel_layout.h"
#include "tests/process.h"

namespace quanta {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;

// Every 2 ms, computing a little.
void wake_up_often() {
  volatile uint64_t sum = 0;
  while (true) {
    const timespec nap = {0, 2'000'000};
    ::nanosleep(&nap, nullptr);
    for (int i = 0; i < 100'000; ++i) sum = sum + 1;
  }
}

class ShadowCommand : public ::testing::Test {
 protected:
  void SetUp() override {
    if (const Status s = check_can_trace(); !s) GTEST_SKIP() << s.error().message;
    fs::create_directories(directory_);
    std::ofstream(directory_ + "/config.yaml")
        << "env: {shadow: {window: 1s, twin_cpu: 0.5}}\n"
        << "learner: {batch: 256, hidden: 16, layers: 2}\n"
        << "metrics: {address: \"unix:" << directory_ << "/metrics\"}\n"
        << "checkpoint: {directory: " << directory_ << "/saved}\n";
  }
  void TearDown() override { fs::remove_all(directory_); }

  static std::string said_by(const std::string& arguments) {
    const Outcome outcome = call(arguments);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.said;
    return outcome.said;
  }

  const std::string directory_ =
      testing::TempDir() + "shadow_command_" + std::to_string(::getpid());
};

TEST_F(ShadowCommand, WatchesLearnsInTheTwinAndSaysWhatQuantaWouldGive) {
  const Child load(wake_up_often);
  const std::string said =
      said_by("run --env shadow --duration 8 --config " + directory_ + "/config.yaml");
  EXPECT_THAT(said, AllOf(HasSubstr("env: shadow\n"), HasSubstr("shadow: "),
                          ContainsRegex("wake-up p99 now .* with Quanta .* \\(twin error"),
                          ContainsRegex("watching: [0-9.]+% of a CPU"), HasSubstr("twin, medians"),
                          HasSubstr("/saved/checkpoint-00000001")));
  EXPECT_THAT(said, ::testing::Not(HasSubstr("updates: 0\n")));
  // What was learnt goes on where decisions act.
  const std::string on = said_by("run --env sim --workload " QUANTA_SOURCE_DIR
                                 "/configs/workloads/server_hogs.yaml --duration 1 --resume " +
                                 directory_ + "/saved --config " + directory_ + "/config.yaml");
  EXPECT_THAT(on, HasSubstr("checkpoint-00000001"));
}

}  // namespace
}  // namespace quanta
