// The real loads, for moments.
#include "agent/bench/measure.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/bench_command/folder.h"

namespace quanta {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

const std::atomic<bool> kLeftAlone{false};

Measuring in(const Folder& folder) {
  return {.workload_program = QUANTA_BINARY_DIR "/bin/workload",
          .folder = folder.path(),
          .seconds = 0.3,
          .warmup = 0.1};
}

TEST(Measure, HasGoalsAndLatencies) {
  const Folder folder;
  const BenchLoad load{.name = "mine", .groups = {"periodic", "hogs:count=1"}, .figures = {}};
  const auto metrics = measure(load, 1, in(folder), kLeftAlone);
  ASSERT_TRUE(metrics) << metrics.error().message;
  EXPECT_GT(metrics->at("periodic/releases_per_second"), 0);
  EXPECT_GT(metrics->at("hogs/work_per_second"), 0);
  EXPECT_GE(metrics->at("periodic/wakeup_latency_p99_seconds"),
            metrics->at("periodic/wakeup_latency_p50_seconds"));
  EXPECT_EQ(figures_of("mine", *metrics).size(), 4U);
}

TEST(Measure, HasTheFiguresOfEveryLoad) {
  const Folder folder;
  for (const BenchLoad& load : bench_loads()) {
    if (load.groups.empty() || load.fixed()) continue;
    const auto metrics = measure(load, 1, in(folder), kLeftAlone);
    ASSERT_TRUE(metrics) << load.name << ": " << metrics.error().message;
    EXPECT_EQ(figures_of(load.name, *metrics), load.figures) << load.name;
  }
}

TEST(Measure, HasTheShareOfLocksWhoseHolderWasInterrupted) {
  const Folder folder;
  const auto loads = select_bench_loads({"locks_periodic"});
  ASSERT_TRUE(loads) << loads.error().message;
  const auto metrics = measure(loads->front(), 1, in(folder), kLeftAlone);
  ASSERT_TRUE(metrics) << metrics.error().message;
  EXPECT_TRUE(metrics->contains("locks/interrupted_share"));
}

TEST(Measure, FixedWorkHasItsTime) {
  const Folder folder;
  const BenchLoad load{.name = "mine", .groups = {"build:total=5"}, .figures = {}};
  const auto metrics = measure(load, 1, in(folder), kLeftAlone);
  ASSERT_TRUE(metrics) << metrics.error().message;
  EXPECT_GT(metrics->at("build/elapsed_seconds"), 0);
}

TEST(Measure, WhatGoesWrongIsTheProgramsOwnLine) {
  const Folder folder;
  const BenchLoad load{.name = "mine", .groups = {"hogs:cuont=1"}, .figures = {}};
  EXPECT_THAT(measure(load, 1, in(folder), kLeftAlone).error().message,
              HasSubstr("the load ended with 2: workload: "));
  const std::atomic<bool> interrupted{true};
  EXPECT_EQ(measure({.name = "mine", .groups = {"hogs"}, .figures = {}}, 1, in(folder), interrupted)
                .error()
                .message,
            "interrupted");
}

TEST(Hackbench, SaysItsTime) {
  EXPECT_EQ(*parse_hackbench_output("Running in process mode\nTime: 0.365\n"), 0.365);
  EXPECT_FALSE(parse_hackbench_output("out of memory\n"));
}

TEST(LiveCounters, AreTheKernelHalfsAndThePageFaults) {
  EXPECT_THAT(live_counters({{"quanta_live_overdue_total", 3},
                             {"quanta_tasks", 9},
                             {"quanta_hot_thread_page_faults_total", 12}}),
              ElementsAre(Pair("quanta_hot_thread_page_faults_total", 12),
                          Pair("quanta_live_overdue_total", 3)));
}

}  // namespace
}  // namespace quanta
