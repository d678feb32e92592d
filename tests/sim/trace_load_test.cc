// Recorded traces as simulated loads.
#include "env/sim/trace_load.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "env/sim/load_file.h"
#include "env/trace/writer.h"
#include "tests/sim/harness.h"
#include "tests/units.h"

namespace quanta {
namespace {

using testing::ElementsAre;
using Kind = TraceOpKind;

// `ui` is woken by `server`, which sleeps; `make` forks `sh`, which becomes `cc1` and computes.
Trace recorded() {
  Trace trace{.duration = 100 * kMs, .cpus = 2, .tasks = {}};
  trace.tasks.resize(4);
  trace.tasks[0] = {.names = {"ui"}, .process = 0, .nice = -5, .uid = 3, .cgroup = 9, .ops = {}};
  trace.tasks[1] = {.names = {"server"}, .process = 0, .ops = {}};
  for (int i = 0; i < 5; ++i) {
    for (const TraceOp& op : {TraceOp{Kind::kWait, 0}, TraceOp{Kind::kRun, kMs}}) {
      trace.tasks[0].ops.push_back(op);
    }
    for (const TraceOp& op : {TraceOp{Kind::kSleep, 10 * kMs}, TraceOp{Kind::kRun, kMs / 2},
                              TraceOp{Kind::kPostSync, 0}}) {
      trace.tasks[1].ops.push_back(op);
    }
  }
  trace.tasks[2] = {.names = {"make"}, .process = 2, .start = 20 * kMs, .ops = {}};
  trace.tasks[2].ops = {{Kind::kRun, kMs}, {Kind::kFork, 3}, {Kind::kWait, 0}, {Kind::kExit, 0}};
  trace.tasks[3] = {.names = {"sh", "cc1"}, .process = 3, .forked = true, .ops = {}};
  trace.tasks[3].ops = {{Kind::kRun, kMs},
                        {Kind::kExec, 0},
                        {Kind::kRun, 30 * kMs},
                        {Kind::kPost, 2},
                        {Kind::kExit, 0}};
  return trace;
}

TEST(TraceLoadTest, ReplaysWorkCausesAndNames) {
  const Result<Load> load = trace_load(recorded(), "desk");
  ASSERT_TRUE(load);
  SimEnv env(free_machine(4), *load, SimScheduler::kExt, 120 * kMs);
  const std::vector<Event> events = run(env);
  EXPECT_EQ(env.machine().stats()[0].work + env.machine().stats()[1].work,
            (5 + 32) * kMs + 2500 * kMicrosecond);
  std::vector<std::string> wakes;
  for (const Event& e : events) {
    const bool woken = e.kind == EventKind::kWake && e.other != kNoTask;
    if (woken) wakes.push_back(fmt::format("{} {}", e.time / kMs, (e.flags & kSync) != 0 ? 1 : 0));
  }
  EXPECT_THAT(wakes, ElementsAre("10 1", "21 0", "21 1", "31 1", "42 1", "52 0", "52 1"));
  const std::vector<Event> exits = of_kind(events, EventKind::kExit);
  EXPECT_EQ(exits.size(), 2U);
}

TEST(TraceLoadTest, TellsInteractiveTasksFromBatchByTheirBursts) {
  const Result<Load> load = trace_load(recorded(), "desk");
  ASSERT_TRUE(load);
  EXPECT_THAT(load->groups, ElementsAre(testing::Field(&LoadGroup::name, "interactive"),
                                        testing::Field(&LoadGroup::name, "batch")));
  std::vector<uint32_t> groups;
  for (const Program& p : load->programs) groups.push_back(p.group);
  EXPECT_THAT(groups, ElementsAre(0, 0, 1, 1));
  EXPECT_EQ(load->programs[0].nice, -5);
  EXPECT_EQ(load->programs[0].weight, nice_to_weight(-5));
  EXPECT_EQ(load->programs[0].uid, 3U);
  EXPECT_EQ(load->programs[0].cgroup, 9U);
}

TEST(TraceLoadTest, StartsAnewAndCountsActivations) {
  const Result<Load> load = trace_load(recorded(), "desk");
  ASSERT_TRUE(load);
  EXPECT_EQ(load->repeat, 125 * kMs);
  SimEnv env(free_machine(4), *load, SimScheduler::kExt, 3 * (125 * kMs) - 1);
  run(env);
  EXPECT_EQ(env.machine().stats()[0].done, 3 * (5 + 5U));
  EXPECT_EQ(env.machine().stats()[1].done, 3 * 1U);
}

TEST(TraceLoadTest, RefusesWhatIsNotAValidTrace) {
  Trace trace = recorded();
  trace.tasks[1].ops[2].value = 17;
  EXPECT_FALSE(trace_load(trace, "desk"));
  EXPECT_FALSE(trace_load(Trace{.duration = kMs, .cpus = 1, .tasks = {}}, "desk"));
}

TEST(TraceLoadTest, IsReadByTheFilesEnding) {
  const std::string file = std::filesystem::path(QUANTA_BINARY_DIR) / "tests" / "desk.trace";
  ASSERT_TRUE(write_trace(recorded(), file));
  const Result<Load> load = read_load(file);
  std::filesystem::remove(file);
  ASSERT_TRUE(load) << load.error().message;
  EXPECT_EQ(load->name, "desk");
  EXPECT_EQ(load->tasks.size(), 4U);
}

}  // namespace
}  // namespace quanta
