// What workload files say, and what is said about wrong ones.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/sim/harness.h"
#include "tests/sim/shipped.h"

namespace quanta {
namespace {

using testing::HasSubstr;

Load parsed(const std::string& text) {
  Result<Load> load = parse_load(text, "w.yaml");
  EXPECT_TRUE(load) << (load ? "" : load.error().message);
  return load ? *std::move(load) : Load{};
}

// A group of the given keys, run for `duration`; what it got.
GroupStats stats_of(const std::string& keys, Nanos duration, int cpus = 1) {
  const Load load = parsed("groups:\n  g: {start: 0us, cache_refill: 0us, " + keys + "}\n");
  SimEnv env(free_machine(cpus), load, SimScheduler::kExt, duration);
  run(env);
  return env.machine().stats()[0];
}

TEST(DistTest, IsReadAsWritten) {
  const struct {
    const char* text;
    Dist expected;
  } cases[] = {{"2ms", {Dist::kConstant, 2e6F, 0, 0}},
               {"exponential 1.5ms", {Dist::kExponential, 1.5e6F, 0, 0}},
               {"uniform 1ms 3ms", {Dist::kUniform, 1e6F, 3e6F, 0}},
               {" lognormal  2ms 0.5", {Dist::kLogNormal, 2e6F, 0.5F, 0}},
               {"bimodal 100us 5ms 0.25", {Dist::kBimodal, 1e5F, 5e6F, 0.25F}}};
  for (const auto& c : cases) {
    const std::optional<Dist> got = parse_dist(c.text);
    ASSERT_TRUE(got) << c.text;
    EXPECT_EQ(got->kind, c.expected.kind) << c.text;
    EXPECT_EQ(got->a, c.expected.a) << c.text;
    EXPECT_EQ(got->b, c.expected.b) << c.text;
    EXPECT_EQ(got->p, c.expected.p) << c.text;
  }
}

TEST(DistTest, RefusesWhatIsNotOne) {
  for (const char* text :
       {"", "2", "ms", "500ns", "2h", "uniform 1ms", "uniform 3ms 1ms", "uniform 1ms 2ms 3ms",
        "lognormal 2ms", "lognormal 2ms 4", "lognormal 2ms nan", "bimodal 1ms 2ms 1.1",
        "bimodal 1ms 2ms", "normal 2ms 1ms", "exponential -2ms", "1ms 2ms"}) {
    EXPECT_FALSE(parse_dist(text)) << text;
  }
}

TEST(LoadFileTest, KindsDoTheWorkThatTheyDescribe) {
  const struct {
    const char* keys;
    int cpus;
    uint64_t done;  // in one second
    Nanos work;
    Nanos response;  // the longest
  } cases[] = {
      {"kind: periodic, count: 2, period: 10ms, burst: 1ms", 2, 200, 200 * kMillisecond,
       kMillisecond},
      {"kind: periodic, period: 10ms, jitter: 2ms, burst: 1ms", 1, 99, 99 * kMillisecond,
       kMillisecond},
      {"kind: hog, count: 2, burst: 10ms", 1, 98, 990 * kMillisecond, 0},
      {"kind: hog, burst: 9ms, sleep: 1ms", 1, 100, 900 * kMillisecond, 0},
      {"kind: steps, steps: [{after: 4ms, burst: 1ms, times: 3}, {after: 3ms, burst: 2ms}]", 1, 200,
       250 * kMillisecond, 2 * kMillisecond},
      {"kind: service, workers: 2, arrivals: 10ms, service: 3ms", 1, 99, 297 * kMillisecond,
       3 * kMillisecond},
      {"kind: service, clients: 1, think: 6ms, request: 1ms, service: 2ms", 1, 100,
       400 * kMillisecond, 3 * kMillisecond},
      {"kind: pipeline, period: 10ms, stages: [{burst: 2ms}, {burst: 1ms, threads: 2}, {burst: "
       "1ms}]",
       2, 100, 500 * kMillisecond, 4 * kMillisecond},
      {"kind: messages, messengers: 1, workers: 1, relay: 1ms, work: 3ms", 1, 249,
       1000 * kMillisecond, 4 * kMillisecond},
      {"kind: flood, groups: 1, pairs: 2, window: 4, send: 1ms, receive: 1ms", 4, 1999,
       4000 * kMillisecond, 0},
      {"kind: build, jobs: 1, make: 1ms, shell: 1ms, tools: [{comm: cc1, burst: 1ms, read: 5ms}]",
       1, 110, 450 * kMillisecond, 8080 * kMicrosecond}};
  for (const auto& c : cases) {
    const GroupStats got = stats_of(c.keys, kSecond, c.cpus);
    EXPECT_NEAR(static_cast<double>(got.done), static_cast<double>(c.done),
                0.03 * static_cast<double>(c.done))
        << c.keys;
    EXPECT_NEAR(static_cast<double>(got.work), static_cast<double>(c.work),
                0.04 * static_cast<double>(c.work))
        << c.keys;
    EXPECT_NEAR(static_cast<double>(got.response.max()), static_cast<double>(c.response), 1e3)
        << c.keys;
    EXPECT_EQ(got.misses, 0U) << c.keys;
  }
}

TEST(LoadFileTest, CommonKeysReachTheTasks) {
  const Load load = parsed(
      "name: x\n"
      "groups:\n"
      "  g: {kind: hog, count: 2, comm: spin, nice: 5, uid: 7, cgroup: /a, process: shared,\n"
      "      batch: false, deadline: 3ms, cache_refill: 1ms}\n");
  EXPECT_EQ(load.name, "x");
  EXPECT_EQ(load.groups[0].name, "g");
  EXPECT_EQ(load.groups[0].deadline, 3 * kMillisecond);
  EXPECT_FALSE(load.groups[0].batch);
  const Program& p = load.programs[0];
  EXPECT_EQ(load.names[p.name], "spin");
  EXPECT_EQ(p.nice, 5);
  EXPECT_EQ(p.weight, 335U);
  EXPECT_EQ(p.uid, 7U);
  EXPECT_EQ(p.cgroup, fnv1a64("/a"));
  EXPECT_EQ(p.cache_refill, kMillisecond);
  EXPECT_EQ(load.tasks[0].process, load.tasks[1].process);
}

TEST(LoadFileTest, TasksOfABuildDifferByNameOnlyAfterExec) {
  const Load load = parsed(
      "groups: {b: {kind: build, comm: make, tools: [{comm: cc1, burst: 1ms}, {comm: as, burst: "
      "1ms}]}}");
  SimEnv env({}, load, SimScheduler::kExt, kSecond / 10);
  std::vector<Event> batch(64);
  std::set<std::string> become;
  while (!env.finished()) {
    const size_t n = env.poll(batch);
    std::vector<Decision> decisions;
    for (size_t i = 0; i < n; ++i) {
      const Event& e = batch[i];
      if (e.kind == EventKind::kEnqueue) decisions.push_back(first_come(e));
      if (e.kind == EventKind::kExec) become.insert(comm(env, e.task));
    }
    env.dispatch(decisions);
  }
  EXPECT_THAT(become, testing::ElementsAre("as", "cc1", "sh"));
}

TEST(LoadFileTest, WrongFilesGetOneClearLine) {
  const struct {
    const char* text;
    const char* message;
  } cases[] = {
      {"groups: {g: {kind: hog, cuont: 2}}",
       "w.yaml:1: unknown key 'groups.g.cuont'; did you mean 'count'?"},
      {"groups: {g: {kind: hogs}}", "key 'groups.g.kind': expected one of periodic, steps, hog"},
      {"groups: {g: {kind: hogs}}", "did you mean 'hog'?"},
      {"groups: {g: {count: 2}}", "groups.g.kind"},
      {"group: {g: {kind: hog}}", "did you mean 'groups'?"},
      {"groups: {g: {kind: hog, count: 0}}",
       "key 'groups.g.count': expected an integer between 1 and 1024, got '0'"},
      {"groups: {g: {kind: hog, burst: fast}}",
       "key 'groups.g.burst': expected durations from 1us"},
      {"groups: {g: {kind: periodic, burst: 1ms}}", "groups.g.period"},
      {"groups: {g: {kind: hog, comm: sixteen-bytes-is}}", "expected a name of 1 to 15 bytes"},
      {"groups: {g: {kind: service, service: 1ms}}", "expected either 'clients' or 'arrivals'"},
      {"groups: {g: {kind: service, service: 1ms, clients: 2, arrivals: 1ms}}",
       "expected either 'clients' or 'arrivals'"},
      {"groups: {g: {kind: pipeline, stages: [{burst: 1ms}]}}", "expected 2 to 16 stages"},
      {"groups: {g: {kind: pipeline, stages: [{burst: 1ms, threads: 2}, {burst: 1ms}]}}",
       "the first and the last of one thread"},
      {"groups: {g: {kind: hog, from: 2s, until: 1s}}",
       "w.yaml:1: key 'groups.g.until': expected a time after 'from', got '1s'"},
      {"groups: {g: {kind: hog, until: 0s}}",
       "w.yaml:1: key 'groups.g.until': expected a time after 'from', got '0s'"},
      {"groups: {g: {kind: hog, from: soon}}", "key 'groups.g.from': expected a duration"},
      {"groups: {g: {kind: build}}", "groups.g.tools"},
      {"groups: {g: {kind: steps, steps: [{after: 1ms}]}}", "groups.g.steps[0].burst"},
      {"groups: {g: {kind: steps}}", "groups.g.steps"},
      {"groups: {}", "expected a group"},
      {"", "groups"},
      {"[1, 2]", "expected a mapping"}};
  for (const auto& c : cases) {
    const Result<Load> got = parse_load(c.text, "w.yaml");
    ASSERT_FALSE(got) << c.text;
    EXPECT_THAT(got.error().message, HasSubstr(c.message)) << c.text;
    EXPECT_THAT(got.error().message, testing::StartsWith("w.yaml")) << c.text;
  }
}

TEST(LoadFileTest, WhatIsTooLargeIsRefusedBeforeItFillsMemory) {
  std::string groups = "groups:\n";
  for (int i = 0; i < 60; ++i) groups += fmt::format("  g{}: {{kind: hog, count: 1024}}\n", i);
  EXPECT_FALSE(parse_load(groups, "w.yaml"));
  const Result<Load> wide = parse_load(
      "groups: {a: {kind: flood, groups: 64, pairs: 64}, b: {kind: flood, groups: 64, pairs: 64}}",
      "w.yaml");
  ASSERT_FALSE(wide);
  EXPECT_THAT(wide.error().message, HasSubstr("expected at most 64 groups, 4096 tasks"));
}

TEST(LoadFileTest, AMissingFileIsNamed) {
  const Result<Load> got = read_load("no/such.yaml");
  ASSERT_FALSE(got);
  EXPECT_THAT(got.error().message, HasSubstr("no/such.yaml: cannot be read"));
  EXPECT_FALSE(read_load("no/such.trace"));
}

TEST(LoadFileTest, EveryShippedWorkloadAsksForMoreThanTheMachineHas) {
  for (const std::string& name : shipped_workloads()) {
    EXPECT_EQ(shipped(name).name, name);
    SimEnv env({}, shipped(name), SimScheduler::kEevdf, 2 * kSecond);
    run(env);
    Nanos busy = 0;
    for (const GroupStats& g : env.machine().stats()) busy += g.work + g.overhead;
    EXPECT_GT(busy, 4 * (2 * kSecond) / 100 * 95) << name;
  }
}

}  // namespace
}  // namespace quanta
