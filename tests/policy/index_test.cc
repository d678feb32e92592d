// The prior by hand: expected remaining time, order, preemption, slices.
#include "agent/policy/index.h"

#include <gtest/gtest.h>

#include "agent/config/section.h"
#include "tests/features/stage.h"
#include "tests/units.h"

namespace quanta {
namespace {

TEST(ExpectedRemaining, FollowsTheRule) {
  const struct {
    Nanos exec, burst, remaining;
  } cases[] = {
      {0, 800, 800},        // all of it
      {500, 800, 300},      // what is left
      {700, 800, 200},      // at least a quarter
      {799, 800, 200},      //
      {800, 800, 800},      // longer than expected: as long again as so far
      {5'000, 800, 5'000},  //
      {0, 0, 1},            // never nothing
      {1, 3, 2},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(expected_remaining(c.exec, c.burst), c.remaining) << c.exec << " of " << c.burst;
  }
}

// Two CPUs run tasks 1 and 2; task 0, of another process, has just woken. All expect 1 ms, weigh 1.
struct Scene {
  Scene() : stage(2, all_weigh(1)) {
    for (TaskId id = 0; id < 4; ++id) stage.appear(0, id);
    for (TaskId id = 1; id < 3; ++id) {
      const auto cpu = static_cast<CpuId>(id - 1);
      stage.direct(0, id, cpu);
      stage.start(0, id, cpu);
    }
  }
  TaskView& task(TaskId id) { return stage.tracker.task(id); }
  CpuView& run_of(TaskId id) { return stage.tracker.cpu(static_cast<CpuId>(id - 1)); }
  Decision decide_on(TaskId id, const Residual& residual = {}) {
    situation = assess(stage.tracker, id);
    return decide(stage.tracker, situation, residual, 7, config);
  }

  Stage stage;
  IndexConfig config;
  Situation situation;
};

TEST(Order, WhoAPeerWokeDoesNotOvertakeIt) {
  Stage stage(2, all_weigh(2));
  for (TaskId id = 0; id < 3; ++id) stage.appear(0, id, {.process = id == 2 ? 2U : 1U});
  const IndexConfig config;
  stage.tracker.task(0).burst = 4 * kMs;
  stage.tracker.task(0).w = 2;
  const struct {
    const char* why;
    TaskId id, waker;
    Nanos burst, index;
  } cases[] = {
      {"shorter than its peer", 1, 0, kMs, 2 * kMs},
      {"longer than its peer", 1, 0, 6 * kMs, 3 * kMs},
      {"woken by a stranger", 2, 0, kMs, kMs / 2},
      {"woken by a timer", 1, kNoTask, kMs, kMs / 2},
  };
  for (const auto& c : cases) {
    stage.tracker.task(c.id).burst = c.burst;
    stage.wake(1'000, c.id, c.waker);
    const Decision d = decide(stage.tracker, assess(stage.tracker, c.id), {}, 1, config);
    EXPECT_EQ(d.key, stage.tracker.now() + 8 * c.index) << c.why;
  }
}

class Preemption : public ::testing::Test, public Scene {};

TEST_F(Preemption, AssessesWhoAndWhatIsSaved) {
  run_of(1).burst = 3 * kMs;
  stage.wake(100, 3);
  stage.wake(200, 0);
  decide_on(0);
  EXPECT_EQ(situation.rem, kMs);
  EXPECT_EQ(situation.victim_cpu, 0);  // the largest remaining per weight
  EXPECT_EQ(situation.victim, 1U);
  EXPECT_EQ(situation.victim_rem, 2'800 * kUs);
  EXPECT_EQ(situation.saved, 800 * kUs);  // task 2 is done then
  EXPECT_EQ(situation.others, 0.5);       // task 3, per CPU
}

TEST_F(Preemption, WeighsTheVictimsKey) {
  run_of(1).burst = 3 * kMs;
  run_of(1).w = 4;  // 2.8 ms / 4 is less than 0.8 ms / 1
  stage.wake(200, 0);
  decide_on(0);
  EXPECT_EQ(situation.victim, 2U);
}

TEST_F(Preemption, TheSliceLeftBoundsWhatIsSaved) {
  run_of(1).burst = run_of(2).burst = 50 * kMs;
  stage.wake(1'700, 0);
  decide_on(0);
  EXPECT_EQ(situation.saved, 300 * kUs);  // slices of 2 ms
  stage.sleep(1'700, 2);
  stage.direct(1'750, 2, 1);
  stage.start(1'750, 2, 1);
  stage.appear(2'500, 5);
  decide_on(0);
  EXPECT_EQ(situation.saved, 0U);  // the first is overdue
}

TEST_F(Preemption, HappensExactlyWhenTheGainExceedsThePrice) {
  // R = 800 us; price = w_v * rem + c * (w_v + W / N) = 5 us * 1 + rem.
  const struct {
    Nanos burst;
    double w;
    double others;  // weight of task 3, which waits
    bool preempts;
  } cases[] = {
      {794 * kUs, 1, 0, true},   // 800 > 794 + 5
      {796 * kUs, 1, 0, false},  // 800 < 796 + 5
      {794 * kUs, 1, 1, false},  // 800 < 794 + 5 * 1.5
      {790 * kUs, 1, 1, true},   {794 * kUs, 0.5, 0, false},
      {1'594 * kUs, 2, 0, true}, {1'596 * kUs, 2, 0, false},
  };
  for (const auto& c : cases) {
    Scene scene;
    if (c.others > 0) scene.stage.wake(200, 3);
    scene.stage.wake(200, 0);
    scene.task(0).burst = c.burst;
    scene.task(0).w = static_cast<float>(c.w);
    EXPECT_EQ(scene.decide_on(0).preempt_cpu, c.preempts ? 0 : kNoCpu)
        << c.burst << " " << c.w << " " << c.others;
  }
}

TEST_F(Preemption, NeverOfPeers) {
  stage.appear(0, 4, {.process = 1001});  // of task 1's process
  run_of(1).burst = run_of(2).burst = 50 * kMs;
  stage.wake(10, 4);
  task(4).burst = 10 * kUs;
  EXPECT_EQ(decide_on(4).preempt_cpu, 1);
  stage.sleep(10, 2);
  stage.direct(10, 3, 1);
  stage.start(10, 3, 1);
  stage.sleep(10, 3);
  stage.appear(10, 5, {.process = 1001});
  stage.direct(10, 5, 1);
  stage.start(10, 5, 1);
  EXPECT_EQ(decide_on(4).preempt_cpu, kNoCpu);
  EXPECT_EQ(situation.victim, kNoTask);
  EXPECT_GT(situation.saved, 0U);
}

TEST_F(Preemption, DoesNotCountOnACpuThatIsAboutToPick) {
  run_of(1).burst = 50 * kMs;
  stage.sleep(100, 2);
  stage.wake(100, 0);
  task(0).burst = 10 * kUs;
  EXPECT_EQ(decide_on(0).preempt_cpu, 0);
  EXPECT_GT(situation.saved, 0U);
}

TEST_F(Preemption, SparesALateWakeUpWhatTheRewardMakesOfIt) {
  config.latency_target = 400 * kUs;
  config.latency_worth = 2;
  // R = 800 us: worth 800 us * (1 + 2 / sqrt(e)) = 1770 us.
  EXPECT_NEAR(worth_of(800e3, config), 1'770.45e3, 10);
  EXPECT_EQ(worth_of(0, config), 0);
  EXPECT_NEAR(worth_of(10e3, config), 10e3, 1) << "far below the target";
  stage.wake(200, 0);
  task(0).burst = 1'760 * kUs;  // and a switch
  EXPECT_EQ(decide_on(0).preempt_cpu, 0);
  task(0).burst = 1'770 * kUs;
  EXPECT_EQ(decide_on(0).preempt_cpu, kNoCpu);
}

TEST_F(Preemption, OnlyAtAWakeUp) {
  run_of(1).burst = run_of(2).burst = 50 * kMs;
  task(0).burst = 10 * kUs;
  stage.wake(10, 0);
  EXPECT_NE(decide_on(0).preempt_cpu, kNoCpu);
  stage.put_back(10, 0);
  EXPECT_EQ(decide_on(0).preempt_cpu, kNoCpu);
}

TEST_F(Preemption, ALearnedBurstOfTheVictimCounts) {
  run_of(1).rem_scale = 8;
  stage.wake(200, 0);
  decide_on(0);
  EXPECT_EQ(situation.victim, 1U);
  EXPECT_EQ(situation.victim_rem, 6'400 * kUs);
}

TEST_F(Preemption, AnOracleTakesThePlaceOfExpectations) {
  class Truth final : public BurstOracle {
   public:
    Nanos remaining(TaskId id) const override { return id == 2 ? 40 * kMs : 300 * kUs; }
  } truth;
  stage.wake(200, 0);
  const Situation s = assess(stage.tracker, 0, &truth);
  EXPECT_EQ(s.rem, 300 * kUs);
  EXPECT_EQ(s.victim, 2U);
  EXPECT_EQ(s.victim_rem, 40 * kMs);
  EXPECT_EQ(s.saved, 300 * kUs);
}

// --- what a decision says, and how residuals move it ---

TEST_F(Preemption, ADecisionByHand) {
  stage.wake(200, 0);
  task(0).w = 2;
  const Decision d = decide_on(0);
  EXPECT_EQ(d.task, 0U);
  EXPECT_EQ(d.generation, 7U);
  EXPECT_EQ(d.key, 200 * kUs + 4 * kMs);  // now + patience * 1 ms / 2
  EXPECT_EQ(d.guard, task(0).due);
  EXPECT_EQ(d.slice, 2 * kMs);
  EXPECT_EQ(task(0).slice, 2 * kMs);
  task(0).burst = 400 * kMs;
  EXPECT_EQ(decide_on(0).key, 200 * kUs + 200 * kMs);  // the index ends at 50 ms
}

TEST_F(Preemption, ResidualsAreOctavesOfWhatTheyName) {
  stage.wake(200, 0);
  const Nanos now = 200 * kUs;
  EXPECT_EQ(decide_on(0, {.order = 1}).key, now + 16 * kMs);
  EXPECT_EQ(decide_on(0, {.order = -1}).key, now + 4 * kMs);
  EXPECT_EQ(decide_on(0, {.burst = 2}).key, now + 32 * kMs);
  EXPECT_EQ(task(0).rem_scale, 4);
  EXPECT_EQ(decide_on(0, {.slice = 1}).slice, 4 * kMs);
  EXPECT_EQ(decide_on(0, {.slice = -2}).slice, 500 * kUs);
  EXPECT_EQ(task(0).slice, 500 * kUs);
  EXPECT_EQ(decide_on(0, {.slice = 2.5F}).slice, config.slice_max);
  EXPECT_EQ(decide_on(0, {.slice = -5}).slice, config.slice_min);
}

TEST_F(Preemption, ResidualsMoveTheThreshold) {
  task(0).burst = 500 * kUs;
  stage.wake(200, 0);  // gain 800 us, price 505 us
  EXPECT_EQ(decide_on(0).preempt_cpu, 0);
  EXPECT_EQ(decide_on(0, {.preempt = 0.6F}).preempt_cpu, 0);       // 765 us
  EXPECT_EQ(decide_on(0, {.preempt = 0.7F}).preempt_cpu, kNoCpu);  // 820 us
  EXPECT_EQ(decide_on(0, {.burst = 1}).preempt_cpu, kNoCpu);       // 1005 us
  EXPECT_EQ(decide_on(0, {.burst = 1, .preempt = -1}).preempt_cpu, 0);
}

TEST(IndexConfig, IsReadAndChecked) {
  const struct {
    const char* text;
    const char* message;
  } cases[] = {
      {"switch_cost: 2us\nslice_min: 1ms\nslice: 3ms\nslice_max: 4ms\n", ""},
      {"slice: 20ms\n", "i.yaml:1: key 'slice': at most 'slice_max', got '20ms'"},
      {"slice_min: 5ms\n", "key 'slice': at least 'slice_min', got the default"},
      {"slice_mni: 5ms\n", "unknown key 'slice_mni'; did you mean 'slice_min'?"},
  };
  for (const auto& c : cases) {
    Diagnostics diagnostics;
    IndexConfig config;
    {
      Section section = Section::parse(c.text, "i.yaml", diagnostics);
      read(section, config);
      section.finish();
    }
    if (*c.message == '\0') {
      EXPECT_TRUE(diagnostics.ok()) << diagnostics.error().message;
      EXPECT_EQ(config.switch_cost, 2 * kUs);
      EXPECT_EQ(config.slice_min, kMs);
      EXPECT_EQ(config.slice, 3 * kMs);
      EXPECT_EQ(config.slice_max, 4 * kMs);
    } else {
      ASSERT_EQ(diagnostics.lines().size(), 1U) << c.text;
      EXPECT_NE(diagnostics.lines()[0].find(c.message), std::string::npos)
          << diagnostics.lines()[0];
    }
  }
}

// A slice that is over does not end at once where the environment is coarse.
TEST(Granularity, IsTheLeastThatPreemptingSaves) {
  for (const Nanos granularity : {Nanos{0}, 250 * kUs}) {
    Stage stage(1, all_weigh(1), 16, granularity);
    stage.appear(0, 0);
    stage.appear(0, 1);
    stage.tracker.task(1).burst = 50 * kMs;
    stage.direct(0, 1, 0);
    stage.start(0, 1, 0);
    stage.wake(10'000, 0);  // long after the slice of 2 ms
    EXPECT_EQ(assess(stage.tracker, 0).saved, granularity);
  }
}

}  // namespace
}  // namespace quanta
