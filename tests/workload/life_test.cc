// How a run ends, whatever happens to it.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <thread>
#include <utility>

#include "tests/workload/program.h"

namespace quanta::workload {
namespace {

using ::testing::IsEmpty;

TEST(Life, ASignalEndsEveryProcess) {
  for (const int signal : {SIGTERM, SIGINT}) {
    Program program({"--seconds", "30", "build", "server", "hogs:count=2"});
    ASSERT_TRUE(program.has(2, "hog"));
    ASSERT_TRUE(program.has(1, "cc1"));
    ::kill(program.pid(), signal);
    EXPECT_EQ(program.wait(), 128 + signal);
    EXPECT_THAT(program.processes(), IsEmpty());
    EXPECT_EQ(program.out() + program.err(), "");
  }
}

TEST(Life, AStoppedTaskDoesNotHoldUpTheEnd) {
  Program program({"--seconds", "0.5", "--warmup", "0.2", "hogs:count=2"});
  ASSERT_TRUE(program.has(2, "hog"));
  ::kill(program.processes("hog").front(), SIGSTOP);
  EXPECT_EQ(program.wait(), 0) << program.err();
  EXPECT_THAT(program.processes(), IsEmpty());
}

TEST(Life, AKilledTaskEndsTheRunWithOneLine) {
  for (const auto& [group, task] : {std::pair("hogs", "hog"), std::pair("flood", "hackbench")}) {
    Program program({"--seconds", "30", "periodic", group});
    ASSERT_TRUE(program.has(8, task));
    ::kill(program.processes(task).back(), SIGKILL);
    EXPECT_EQ(program.wait(), 1);
    EXPECT_EQ(program.err(),
              fmt::format("workload: group '{}': killed by signal 9 (Killed)\n", group));
    EXPECT_EQ(program.out(), "");
    EXPECT_THAT(program.processes(), IsEmpty());
  }
}

TEST(Life, NothingOutlivesAKilledProgram) {
  Program program({"--seconds", "30", "build", "hogs:count=1"});
  ASSERT_TRUE(program.has(1, "hog"));
  ASSERT_TRUE(program.has(1, "cc1"));
  ::kill(program.pid(), SIGKILL);
  EXPECT_EQ(program.wait(), -1);
  for (int tries = 0; tries < 500 && !program.processes().empty(); ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_THAT(program.processes(), IsEmpty());
}

TEST(Life, BadUsageIsOneLine) {
  Program program({"--secnods", "3", "hogs"});
  EXPECT_EQ(program.wait(), 2);
  EXPECT_EQ(program.err(), "workload: unknown option '--secnods'; did you mean '--seconds'?\n");
}

}  // namespace
}  // namespace quanta::workload
