// Groups that are there only for a time: all of their tasks come, and all of them go.
#include <gtest/gtest.h>

#include <fmt/format.h>
#include <map>
#include <set>

#include "env/sim/load_file.h"
#include "tests/sim/harness.h"

namespace quanta {
namespace {

constexpr Nanos kFrom = 100 * kMillisecond;
constexpr Nanos kUntil = 200 * kMillisecond;

// Each kind, with its tasks computing, asleep and waiting for each other when they have to go.
constexpr const char* kGroups[] = {
    "kind: periodic, count: 4, period: 10ms, burst: 3ms",
    "kind: periodic, period: 10ms, jitter: 2ms, burst: 1ms",
    "kind: periodic, period: 1h, burst: 1ms",
    "kind: hog, count: 6, burst: 4ms",
    "kind: hog, burst: 1ms, sleep: 1h",
    "kind: steps, count: 2, steps: [{after: 3ms, by: helper, burst: 1ms}, {after: 1h, burst: 1ms}]",
    "kind: service, workers: 8, arrivals: exponential 5ms, service: 3ms",
    "kind: service, workers: 2, arrivals: 1h, service: 3ms",
    "kind: service, workers: 2, clients: 8, think: 1ms, service: 3ms",
    "kind: pipeline, count: 2, period: 10ms, stages: [{burst: 2ms}, {burst: 1ms, threads: 3}, "
    "{burst: 1ms}]",
    "kind: messages, messengers: 2, workers: 8, relay: 10us, work: 1ms",
    "kind: flood, groups: 2, pairs: 4, window: 2, send: 100us, receive: 1ms",
    "kind: build, jobs: 4, tools: [{comm: cc1, burst: 4ms, read: 5ms}]"};

struct Lives {
  std::set<TaskId> alive;
  Nanos first = ~Nanos{0};
  Nanos last = 0;
  size_t early_exits = 0;
};

Lives lives_of(const std::vector<Event>& events) {
  Lives lives;
  for (const Event& e : events) {
    lives.first = std::min(lives.first, e.time);
    lives.last = std::max(lives.last, e.time);
    if (e.kind == EventKind::kNew) lives.alive.insert(e.task);
    if (e.kind != EventKind::kExit) continue;
    EXPECT_EQ(lives.alive.erase(e.task), 1U);
    if (e.time < kUntil) ++lives.early_exits;
  }
  return lives;
}

TEST(LoadTimesTest, TasksOfEveryKindComeAndGoAtTheirGroupsTimes) {
  for (const char* keys : kGroups) {
    for (const SimScheduler scheduler : {SimScheduler::kExt, SimScheduler::kEevdf}) {
      const Result<Load> load = parse_load(
          fmt::format("groups: {{g: {{start: 0us, from: 100ms, until: 200ms, {}}}}}", keys), "w");
      ASSERT_TRUE(load) << load.error().message;
      SimEnv env(free_machine(2), *load, scheduler, kSecond);
      const Lives lives = lives_of(run(env));
      EXPECT_EQ(lives.first, kFrom) << keys;
      EXPECT_TRUE(lives.alive.empty()) << keys;
      EXPECT_GE(lives.last, kUntil) << keys;
      EXPECT_LT(lives.last, kUntil + 20 * kMillisecond) << keys << ": bursts at hand, no more";
      const bool forks = std::string_view(keys).starts_with("kind: build");
      EXPECT_EQ(lives.early_exits > 0, forks) << keys;
      for (TaskId id = 0; id < env.max_tasks(); ++id) {  // devices, too
        EXPECT_EQ(env.machine().task(id).state, TaskState::kFree) << keys;
      }
    }
  }
}

TEST(LoadTimesTest, WhoIsToldToGoHasNothingLeftToDo) {
  const Result<Load> load = parse_load(
      "groups:\n"
      "  hog: {kind: hog, start: 0us}\n"
      "  worker: {kind: service, arrivals: 1h, service: 3ms, start: 0us, until: 200ms}\n",
      "w");
  ASSERT_TRUE(load) << load.error().message;
  SimEnv env(free_machine(1), *load, SimScheduler::kExt, kSecond);
  std::map<Nanos, Nanos> left;
  run(env, [&](const Event& e) {
    if (comm(env, e.task) == "worker") left[e.time] = env.machine().true_remaining(e.task);
    return first_come(e);
  });
  EXPECT_EQ(left, (std::map<Nanos, Nanos>{{0, 0}, {kUntil, 0}}));
}

TEST(LoadTimesTest, OthersAreNotTouched) {
  const Result<Load> load = parse_load(
      "groups:\n"
      "  gone: {kind: build, jobs: 4, tools: [{comm: cc1, burst: 4ms}], until: 205ms}\n"
      "  beat: {kind: periodic, period: 10ms, burst: 1ms, start: 0us}\n"
      "  next: {kind: build, jobs: 1, make: 1ms, shell: 1ms, tools: [{comm: cc1, burst: 2ms}],\n"
      "         from: 250ms, start: 0us}\n",
      "w");
  ASSERT_TRUE(load) << load.error().message;
  SimEnv env(free_machine(8), *load, SimScheduler::kExt, kSecond);
  run(env);
  EXPECT_EQ(env.machine().stats()[1].done, 100U);
  EXPECT_EQ(env.machine().stats()[1].misses, 0U);
  EXPECT_NEAR(static_cast<double>(env.machine().stats()[2].done), 750 / 4.08, 2);
}

}  // namespace
}  // namespace quanta
