// `scx_quanta run` as a person calls it, with the real learner.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>

#include "tests/process.h"

namespace quanta {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class RunCommand : public ::testing::Test {
 protected:
  RunCommand() {
    fs::remove_all(directory_);
    fs::create_directories(directory_);
    std::ofstream(directory_ + "/config.yaml")
        << "env: {sim: {workload: " QUANTA_SOURCE_DIR "/configs/workloads/server_hogs.yaml}}\n"
        << "learner: {batch: 256}\n"
        << "metrics: {address: none}\n"
        << "checkpoint: {directory: " << saved_ << "}\n";
  }
  ~RunCommand() override { fs::remove_all(directory_); }

  Outcome call(const std::string& arguments) const {
    return shell("cd " + directory_ + " && " + kProgram + " " + arguments);
  }
  std::string config() const { return "--env sim --config " + directory_ + "/config.yaml "; }

  const std::string directory_ = testing::TempDir() + "run_command_" +
                                 testing::UnitTest::GetInstance()->current_test_info()->name();
  const std::string saved_ = directory_ + "/saved";
};

TEST_F(RunCommand, RunsLearnsAndSaysSo) {
  const Outcome outcome =
      call("run " + config() + "--duration 3 --stats 1 --plot " + directory_ + "/curve.svg");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.said;
  EXPECT_THAT(outcome.said, AllOf(HasSubstr("env: sim"), HasSubstr("t=1.0s"), HasSubstr("t=2.0s"),
                                  HasSubstr("updates: "),
                                  HasSubstr("checkpoint: " + saved_ + "/checkpoint-00000001")));
  std::ifstream svg(directory_ + "/curve.svg");
  std::string first;
  std::getline(svg, first);
  EXPECT_THAT(first, StartsWith("<"));
}

TEST_F(RunCommand, TheSameSeedSaysTheSame) {
  const std::string arguments = config() + "--duration 2 --stats 0.5 2>/dev/null";
  const auto figures = [](const std::string& said) {
    return said.substr(0, said.find(" s of sim"));
  };
  const std::string one = call(arguments + " --seed 3").said;
  EXPECT_EQ(figures(call(arguments + " --seed 3").said), figures(one));
  EXPECT_NE(figures(call(arguments + " --seed 4").said), figures(one));
}

TEST_F(RunCommand, ResumesWhereItStopped) {
  EXPECT_EQ(call(config() + "--steps 3").exit_code, 0);
  const Outcome outcome = call(config() + "--steps 3 --resume " + saved_);
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.said, AllOf(HasSubstr("checkpoint-00000001.quanta: goes on exactly"),
                                  HasSubstr("updates: 6\n")));
}

TEST_F(RunCommand, ContinuesFromItsOwnCheckpointsOrFromNothing) {
  const std::string again = config() + "--steps 3 --continue";
  const auto file = [&](int n) {
    return saved_ + "/checkpoint-0000000" + std::to_string(n) + ".quanta";
  };
  {
    Child killed({kProgram, "-c", directory_ + "/config.yaml", "--env", "sim", "--stats", "0.1",
                  "--continue"});
    while (killed.out().empty()) {
      ASSERT_TRUE(killed.runs()) << killed.err();
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    killed.end(SIGKILL);
  }
  ASSERT_FALSE(fs::exists(saved_)) << "killed before its first checkpoint";
  const Outcome first = call(again);
  EXPECT_EQ(first.exit_code, 0);
  EXPECT_THAT(first.said, AllOf(HasSubstr("info " + saved_ +
                                          ": there is no checkpoint here; starts "
                                          "from nothing\n"),
                                HasSubstr("updates: 3\n")));
  const Outcome second = call(again);
  EXPECT_EQ(second.exit_code, 0);
  EXPECT_THAT(second.said,
              AllOf(HasSubstr(file(1) + ": goes on exactly"), HasSubstr("updates: 6\n")));
  fs::resize_file(file(2), fs::file_size(file(2)) - 10);
  const Outcome third = call(again);
  EXPECT_EQ(third.exit_code, 0);
  EXPECT_THAT(third.said,
              AllOf(HasSubstr("; trying the one before\n"),
                    HasSubstr(file(1) + ": goes on exactly"), HasSubstr("updates: 6\n")));
  for (const int n : {1, 3}) fs::resize_file(file(n), 10);
  const Outcome fourth = call(again);
  EXPECT_EQ(fourth.exit_code, 0);
  EXPECT_THAT(fourth.said,
              AllOf(HasSubstr(saved_ + ": no checkpoint here fits; starts from nothing\n"),
                    HasSubstr("updates: 3\n")));
}

TEST_F(RunCommand, GoesOnFromEachShippedPolicy) {
  const std::string root = QUANTA_SOURCE_DIR;
  for (const auto& file : fs::directory_iterator(root + "/configs")) {
    if (file.path().extension() != ".yaml") continue;
    const std::string learnt = root + "/checkpoints/" + file.path().stem().string();
    const Outcome outcome =
        call("run --env sim --dispatch kernel --metrics none --duration 1 --config " +
             file.path().string() + " --resume " + learnt);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.said;
    EXPECT_THAT(outcome.said,
                HasSubstr(learnt + "/checkpoint-00000001.quanta: gives the learned policy"));
  }
}

TEST_F(RunCommand, LogsDecisionsWhereAsked) {
  const std::string file = directory_ + "/decisions.csv";
  const Outcome outcome = call("run " + config() + "--duration 2 --log " + file);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.said;
  EXPECT_THAT(outcome.said,
              AllOf(HasSubstr("\ndecisions: "), HasSubstr(" in " + file + ", 0 lost")));
  std::ifstream log(file);
  std::string first;
  std::getline(log, first);
  EXPECT_EQ(first, "# quanta decision log 1");
  const Outcome full = call("run " + config() + "--duration 2 --log /dev/full");
  EXPECT_EQ(full.exit_code, 0) << "the run goes on";
  EXPECT_THAT(full.said, AllOf(HasSubstr("error /dev/full: cannot be written: No space left on "
                                         "device; decisions are no longer logged\n"),
                               HasSubstr("decisions: 0 in /dev/full, ")));
  const Outcome nowhere = call("run " + config() + "--log /nowhere/d.csv --log-level error");
  EXPECT_EQ(nowhere.exit_code, 1);
  EXPECT_EQ(nowhere.said, "/nowhere/d.csv: cannot be written: No such file or directory\n");
}

TEST_F(RunCommand, ASignalEndsItInOrder) {
  for (const int signal : {SIGINT, SIGTERM}) {
    fs::remove_all(saved_);
    Child run({kProgram, "-c", directory_ + "/config.yaml", "--env", "sim", "--stats", "0.1"});
    while (run.out().empty()) {
      ASSERT_TRUE(run.runs()) << run.err();
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    EXPECT_EQ(run.end(signal), 0) << run.err();
    EXPECT_TRUE(fs::exists(saved_ + "/checkpoint-00000001.quanta"));
  }
}

struct Wrong {
  const char* arguments;
  int exit_code;
  const char* said;
};

TEST_F(RunCommand, WhatIsWrongIsOneLine) {
  constexpr Wrong kCases[] = {
      {"run --env sim --log-level error", 1,
       "the simulator needs a load: give --workload FILE or 'env.sim.workload'\n"},
      {"--env sim --log-level error", 1,
       "the simulator needs a load: give --workload FILE or 'env.sim.workload'\n"},
      {"run --config /nowhere.yaml", 1,
       "/nowhere.yaml: cannot be read: No such file or directory\n"},
      {"eval --policy resumed --config " QUANTA_SOURCE_DIR "/configs/interactive.yaml", 1,
       "policy 'resumed' needs --resume DIR, a directory of checkpoints\n"},
      {"run --continue --resume x", 2, "scx_quanta: --resume excludes --continue\n"},
      {"run --confg x", 2, "scx_quanta: unknown option '--confg'; did you mean '--config'?\n"},
  };
  for (const Wrong& c : kCases) {
    const Outcome outcome = call(c.arguments);
    EXPECT_EQ(outcome.exit_code, c.exit_code) << c.arguments;
    EXPECT_EQ(outcome.said, c.said);
  }
  std::ofstream(directory_ + "/unsaved.yaml") << "learner: {batch: 256}\n";
  const Outcome unsaved = call("--continue --env sim --config unsaved.yaml --log-level error");
  EXPECT_EQ(unsaved.exit_code, 1);
  EXPECT_EQ(unsaved.said, "--continue needs 'checkpoint.directory' in the configuration\n");
  const Outcome live = call("--config " + directory_ + "/config.yaml --env live");
  EXPECT_EQ(live.exit_code, 1);
  EXPECT_THAT(live.said, StartsWith("env: live: "));
  const Outcome empty = call(config() + "--resume " + directory_ + "/none 2>&1 >/dev/null");
  EXPECT_EQ(empty.exit_code, 1);
  EXPECT_THAT(empty.said, HasSubstr("/none: there is no checkpoint here\n"));
}

TEST_F(RunCommand, EstimatesOtherPoliciesFromALogOfDecisions) {
  const std::string file = directory_ + "/decisions.csv";
  const std::string json = directory_ + "/estimates.json";
  std::ofstream(directory_ + "/config.yaml", std::ios::app) << "log: {share: 1}\n";
  ASSERT_EQ(call("run " + config() + "--duration 5 --log " + file).exit_code, 0);
  const std::string newest = saved_ + "/checkpoint-00000001.quanta";
  const Outcome outcome =
      call("eval --log " + file + " --checkpoint " + saved_ + " --json " + json);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.said;
  EXPECT_THAT(outcome.said, AllOf(StartsWith(file + ": "), HasSubstr("\nlogging "),
                                  HasSubstr("\nprior "), HasSubstr("\n" + newest + " ")));
  std::ifstream written(json);
  const std::string text{std::istreambuf_iterator<char>(written), {}};
  EXPECT_THAT(text, HasSubstr("\"effective_samples\""));
  std::ofstream(file, std::ios::app) << "1,2,3\n";
  const Outcome damaged = call("eval --log " + file);
  EXPECT_EQ(damaged.exit_code, 1);
  EXPECT_THAT(damaged.said,
              AllOf(StartsWith(file + ":"), EndsWith(": expected 44 columns, got 3\n")));
}

TEST_F(RunCommand, ALogThatCannotBeEvaluatedIsOneLine) {
  const std::string file = directory_ + "/decisions.csv";
  ASSERT_EQ(call("run " + config() + "--duration 1 --policy prior --log " + file).exit_code, 0);
  const Wrong cases[] = {
      {"eval --log /nowhere.csv", 1, "/nowhere.csv: cannot be read: No such file or directory\n"},
      {"eval --log x --seeds 3", 2, "scx_quanta: --seeds excludes --log\n"},
      {"eval --checkpoint x", 2, "scx_quanta: --checkpoint requires --log\n"},
      {"eval --log x --checkpoint /nowhere", 1,
       "/nowhere: cannot be read: No such file or directory\n"},
  };
  for (const Wrong& c : cases) {
    const Outcome outcome = call(c.arguments);
    EXPECT_EQ(outcome.exit_code, c.exit_code) << c.arguments;
    EXPECT_EQ(outcome.said, c.said);
  }
  const Outcome outcome = call("eval --log " + file);
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.said, file + ": expected at least 500 explored decisions ('sd' > 0), got 0\n");
}

}  // namespace
}  // namespace quanta
