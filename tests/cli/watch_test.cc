// top, inspect and explain, as a person calls them beside a running scheduler.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <thread>

#include "tests/process.h"

namespace quanta {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

// `scx_quanta run --env sim`, until it is destroyed.
class Running {
 public:
  Running() {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    std::ofstream(folder_ + "/config.yaml")
        << "env: {sim: {workload: " QUANTA_SOURCE_DIR "/configs/workloads/game_build.yaml}}\n"
        << "learner: {batch: 256}\n"
        << "reward: {classes: [{name: frames, match: {comm: 'game*'}, weight: 4}]}\n"
        << "metrics: {address: 'unix:" << folder_ << "/socket'}\n"
        << "checkpoint: {directory: " << folder_ << "/saved, interval: 10s}\n";
    child_.emplace(
        std::vector<std::string>{kProgram, "run", "-c", folder_ + "/config.yaml", "--env", "sim"});
  }
  ~Running() {
    child_.reset();
    fs::remove_all(folder_);
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  std::string at() const { return "--address unix:" + folder_ + "/socket "; }
  const std::string& folder() const { return folder_; }
  // Until what it says has `text`, or a loaded machine has had its time.
  std::string await(const std::string& arguments, const std::string& text) const {
    std::string said;
    for (int i = 0; i < 600 && said.find(text) == std::string::npos; ++i) {
      if (i > 0) std::this_thread::sleep_for(std::chrono::milliseconds(100));
      said = call(arguments + " " + at()).said;
    }
    return said;
  }

 private:
  const std::string folder_ =
      fs::temp_directory_path().string() + "/quanta-watch-" + std::to_string(getpid());
  std::optional<Child> child_;
};

TEST(Watch, ARunningSchedulerIsSeen) {
  const Running run;
  EXPECT_THAT(run.await("top --once --sort class", "frames"),
              AllOf(HasSubstr("sim (dispatch user)"), HasSubstr("class*"), HasSubstr("game"),
                    HasSubstr("learning: policy ")));
  // Not a terminal: the same, again and again.
  const std::string twice =
      call("top --interval 0.1 " + run.at() + "| head -n 200 | grep -c 'dispatch user'").said;
  EXPECT_GT(std::stoi(twice), 0) << twice;
  EXPECT_THAT(call("top --once --filter nobody " + run.at()).said, Not(HasSubstr("frames")));

  EXPECT_THAT(call("inspect " + run.at()).said,
              AllOf(HasSubstr("network 16-32-32-32-4"), HasSubstr("run since sleep")));
  const auto policy = nlohmann::json::parse(call("inspect --json " + run.at()).said);
  EXPECT_EQ(policy["layers"].size(), 4U);
  EXPECT_THAT(call("inspect game-main " + run.at()).said,
              AllOf(HasSubstr("game-main (pid "), HasSubstr("integrated gradients")));
  const auto decision = nlohmann::json::parse(call("inspect game-main --json " + run.at()).said);
  EXPECT_EQ(decision["features"].size(), 16U);

  const Outcome why = call("explain game-main " + run.at());
  EXPECT_EQ(why.exit_code, 0);
  EXPECT_THAT(why.said, AllOf(HasSubstr("place in the queue: now + "), HasSubstr("class 'frames'"),
                              HasSubstr("slice: "), HasSubstr("gate: ")));
  const Outcome nobody = call("explain gmae-main " + run.at());
  EXPECT_EQ(nobody.exit_code, 1);
  EXPECT_THAT(nobody.said, HasSubstr("did you mean 'game-main'?\n"));

  const std::string saved = run.folder() + "/saved";
  for (int i = 0; i < 600 && (!fs::exists(saved) || fs::is_empty(saved)); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  const Outcome kept = call("inspect --checkpoint " + saved);
  EXPECT_EQ(kept.exit_code, 0) << kept.said;
  EXPECT_THAT(kept.said, HasSubstr("network 16-32-32-32-4"));
}

TEST(Watch, WhereNobodyAnswersIsOneLine) {
  for (const char* command : {"top", "top --once", "inspect", "inspect 1", "explain 1"}) {
    const Outcome outcome = call(std::string(command) + " --address 127.0.0.1:1");
    EXPECT_EQ(outcome.exit_code, 1) << command;
    EXPECT_EQ(outcome.said, "127.0.0.1:1: no agent answers here\n") << command;
  }
  EXPECT_EQ(call("inspect --checkpoint /nowhere").said,
            "/nowhere: cannot be read: No such file or directory\n");
  EXPECT_EQ(call("top --address here").exit_code, 1);
  EXPECT_EQ(call("top --sort colour").exit_code, 2);
  EXPECT_EQ(call("explain").exit_code, 2);
  EXPECT_EQ(call("inspect 1 --checkpoint /nowhere").exit_code, 2);
}

TEST(Watch, WhateverElseAnswersIsOneLine) {
  httplib::Server server;
  std::string body;
  int status = 200;
  server.Get(".*", [&](const httplib::Request&, httplib::Response& response) {
    response.status = status;
    response.set_content(body, "application/json");
  });
  const int port = server.bind_to_any_port("127.0.0.1");
  std::thread thread([&] { server.listen_after_bind(); });
  const std::string address = "127.0.0.1:" + std::to_string(port);
  const auto each_says = [&](const std::string& line) {
    for (const char* command : {"top --once", "inspect", "inspect 1", "explain 1"}) {
      const Outcome outcome = call(std::string(command) + " --address " + address);
      EXPECT_EQ(outcome.exit_code, 1) << command;
      EXPECT_THAT(outcome.said, HasSubstr(line)) << command;
      EXPECT_EQ(std::count(outcome.said.begin(), outcome.said.end(), '\n'), 1) << outcome.said;
    }
  };
  for (const std::string& garbage :
       {std::string(), std::string("hello"), std::string("{\"tasks\": 1}"),
        std::string(100'000, '['), std::string("\x00\xff\x1b[2J", 6)}) {
    body = garbage;
    each_says(address + ": what answers is not a report of this version of Quanta");
  }
  status = 404;
  each_says(address + ": what answers here has no /");
  server.stop();
  thread.join();
}

}  // namespace
}  // namespace quanta
