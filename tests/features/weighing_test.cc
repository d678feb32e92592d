#include "agent/features/weighing.h"

#include <gtest/gtest.h>

#include "agent/config/section.h"
#include "env/base/hash.h"
#include "tests/features/stage.h"

namespace quanta {
namespace {

Result<Weighing> weighing_of(const std::string& text) {
  Diagnostics diagnostics;
  Weighing weighing;
  {
    Section section = Section::parse(text, "w.yaml", diagnostics);
    read(section, weighing);
    section.finish();
  }
  if (!diagnostics.ok()) return tl::unexpected(diagnostics.error());
  return weighing;
}

TEST(Weight, WithoutAClassFollowsSleepBurstAndUse) {
  const struct {
    const char* why;
    Nanos sleep, burst, exec;
    float fair, use, weight;
  } cases[] = {
      {"sleeps three quarters", 3'000'000, 1'000'000, 0, 1, 0.5F, 2.25F},
      {"just its fair share", 3'000'000, 1'000'000, 0, 1, 1, 2.25F},
      {"twice its fair share", 3'000'000, 1'000'000, 0, 1, 2, 0.5625F},
      {"half a CPU is fair", 3'000'000, 1'000'000, 0, 0.5F, 1, 0.5625F},
      {"has run longer than expected", 3'000'000, 1'000'000, 6'000'000, 1, 0, 1},
      {"never sleeps", 0, 1'000'000, 0, 1, 1, 0.01F},
      {"hardly runs", 1'000'000'000, 1'000, 0, 1, 0, 3},
  };
  for (const auto& c : cases) {
    TaskView view;
    view.sleep = c.sleep;
    view.burst = c.burst;
    view.exec = c.exec;
    view.importance = importance_of(view);
    EXPECT_NEAR(Weighing{}.weight(view, c.fair, c.use), c.weight, 1e-4F) << c.why;
  }
}

TEST(Weight, OfATaskThatAPeerWokeIsBoundedByThePeers) {
  Stage stage(1);
  for (TaskId id = 0; id < 3; ++id) stage.appear(0, id, {.process = id == 2 ? 2U : 1U});
  const auto importance = [&](TaskId id, TaskId waker) {
    stage.wake(1'000, id, waker);
    return stage.tracker.task(id).importance;
  };
  const float own = importance(1, kNoTask);  // asleep for as long as it is expected to run
  ASSERT_NEAR(own, 1.5F, 1e-3F);
  stage.tracker.task(0).importance = 0.8F;
  EXPECT_FLOAT_EQ(importance(1, 0), 0.7F);
  EXPECT_NEAR(importance(2, 0), own, 1e-3F);  // a stranger
  stage.tracker.task(0).importance = 3;
  EXPECT_NEAR(importance(1, 0), own, 1e-3F);
}

TEST(Weight, OfAClosedLoopFades) {
  Stage stage(1);
  for (TaskId id = 0; id < 2; ++id) stage.appear(0, id, {.process = 1});
  float last = 1;
  for (TaskId turn = 0; turn < 40; ++turn) {
    stage.wake(1'000 * (turn + 1), turn % 2, 1 - turn % 2);
    const float now = stage.tracker.task(turn % 2).importance;
    EXPECT_LT(now, last);
    last = now;
  }
  EXPECT_LT(last, 0.01F);
}

TEST(Weight, OfAClassIsTheClasss) {
  TaskView view;
  view.reward_class = 0;
  EXPECT_EQ(all_weigh(7).weight(view, 1, 5), 7);
}

TEST(Classes, TheFirstWhoseCriteriaAllHoldApplies) {
  const Result<Weighing> w = weighing_of(
      "classes:\n"
      "  - {name: nice game, weight: 1, match: {comm: game*, nice_min: 1}}\n"
      "  - {name: game, weight: 2, match: {comm: game*}}\n"
      "  - {name: slice, weight: 3, match: {cgroup: /system.slice}}\n"
      "  - {name: root's best, weight: 4, match: {uid: 0, nice_max: -5}}\n"
      "  - {name: user, weight: 5, match: {uid: 1000}}\n");
  ASSERT_TRUE(w) << w.error().message;
  const uint64_t slice = fnv1a64("/system.slice");
  const struct {
    TaskSpec spec;
    int16_t reward_class;
  } cases[] = {
      {{.comm = "gamer", .nice = 5, .uid = 1000}, 0},
      {{.comm = "gamer", .nice = 1}, 0},
      {{.comm = "gamer", .nice = 0}, 1},
      {{.comm = "game", .nice = -20, .cgroup = slice}, 1},
      {{.comm = "my game", .uid = 7, .cgroup = slice}, 2},
      {{.comm = "init", .nice = -5, .uid = 0}, 3},
      {{.comm = "init", .nice = -4, .uid = 0}, -1},
      {{.comm = "init", .nice = -5, .uid = 1}, -1},
      {{.comm = "bash", .uid = 1000, .cgroup = slice + 1}, 4},
      {{.comm = "bash", .uid = 1001}, -1},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(w->classify(info_of(c.spec, 0)), c.reward_class) << c.spec.comm << c.spec.nice;
  }
}

TEST(Classes, AreReadWithAllTheirKeys) {
  const Result<Weighing> w = weighing_of(
      "floor_share: 0.5\n"
      "classes:\n"
      "  - name: video\n"
      "    weight: 4\n"
      "    deadline: 16ms\n"
      "    match: {comm: mpv, cgroup: /user, nice_min: -3, nice_max: 2, uid: 12}\n");
  ASSERT_TRUE(w) << w.error().message;
  EXPECT_EQ(w->floor_share, 0.5);
  ASSERT_EQ(w->classes.size(), 1U);
  const RewardClass& c = w->classes[0];
  EXPECT_EQ(c.name, "video");
  EXPECT_EQ(c.weight, 4);
  EXPECT_EQ(c.deadline, 16 * kMillisecond);
  EXPECT_EQ(c.comm, "mpv");
  EXPECT_EQ(c.cgroup, "/user");
  EXPECT_EQ(c.nice_min, -3);
  EXPECT_EQ(c.nice_max, 2);
  EXPECT_EQ(c.uid, 12);
}

TEST(Classes, BadInputIsOneClearLine) {
  const struct {
    const char* text;
    const char* message;
  } cases[] = {
      {"floor_share: 2\n", "w.yaml:1: key 'floor_share': expected a number between 0 and 0.9"},
      {"classes:\n  - {name: a}\n", "weight"},
      {"classes:\n  - {weight: 1}\n", "name"},
      {"classes:\n  - {name: a, weight: 0}\n", "expected a number between 0.001 and 1000"},
      {"classes:\n  - {name: a, weight: 1, match: {com: x}}\n", "did you mean 'comm'?"},
      {"classes:\n  - {name: a, weight: 1, match: {nice_min: 3, nice_max: 2}}\n",
       "nice_min': must not exceed 'nice_max', got '3'"},
      {"classes:\n  - {name: a, weight: 1, match: {nice_min: 40}}\n", "between -20 and 19"},
  };
  for (const auto& c : cases) {
    const Result<Weighing> w = weighing_of(c.text);
    ASSERT_FALSE(w) << c.text;
    EXPECT_NE(w.error().message.find(c.message), std::string::npos) << w.error().message;
    EXPECT_EQ(w.error().message.find('\n'), std::string::npos) << w.error().message;
  }
}

}  // namespace
}  // namespace quanta
