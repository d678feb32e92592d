#include "agent/guard/gate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "agent/config/section.h"
#include "tests/guard/bandit.h"

namespace quanta {
namespace {

// One arm's reward differs from the others' half; with noise from a stream of its own.
ArmReward favours(Arm better, double by, double noise) {
  return [=, rng = Rng(99)](Arm arm, uint64_t) mutable {
    return 0.5 + (arm == better ? by : 0) + noise * (rng.uniform() - 0.5);
  };
}

class GateArm : public ::testing::TestWithParam<int> {};

TEST_P(GateArm, ThatIsBetterIsFoundAndActs) {
  const auto better = static_cast<Arm>(GetParam());
  GateConfig config;  // as shipped
  Bandit bandit(config, 1, favours(better, 0.03, 0.1));
  bandit.rounds(30);
  EXPECT_EQ(bandit.gate().best(), better);
  const std::vector<int> windows = bandit.windows(200);
  EXPECT_GT(std::count(windows.begin(), windows.end(), better), 120);
}

TEST_P(GateArm, ThatIsWorseDoesNotAct) {
  const auto worse = static_cast<Arm>(GetParam());
  Bandit bandit(comparing(), 1, [=](Arm arm, uint64_t) { return arm == worse ? 0.4 : 0.5; });
  bandit.rounds(10);
  EXPECT_EQ(bandit.gate().best(), kArmPrior);
  // It sits out most rounds, but not all of them: loads change.
  std::vector<int> windows = bandit.windows(2'000);
  const auto acted = std::count(windows.begin(), windows.end(), worse);
  EXPECT_GT(acted, 15);
  EXPECT_LT(acted, 70);  // of some 330 rounds an eighth
}

INSTANTIATE_TEST_SUITE_P(All, GateArm, ::testing::Range(kArmPrior + 1, int{kArms}),
                         [](const auto& test) {
                           return std::string(kArmNames[static_cast<size_t>(test.param)]);
                         });

TEST(Gate, FallsBackToThePriorWhereNothingIsBetter) {
  Bandit bandit(comparing(), 1, favours(kArmPrior, 0.02, 0.05));
  for (int i = 0; i < 20; ++i) {
    bandit.rounds(5);
    EXPECT_EQ(bandit.gate().best(), kArmPrior) << i;
  }
}

TEST(Gate, JudgesNobodyByAFewRounds) {
  Bandit bandit(comparing(), 1, favours(kArmCalm, 0.3, 0));
  bandit.rounds(3);
  EXPECT_EQ(bandit.gate().best(), kArmPrior);
  bandit.rounds(3);
  EXPECT_EQ(bandit.gate().best(), kArmCalm);
}

TEST(Gate, WhatMayBeChanceDoesNotAct) {
  // Better by 0.025 on average, give or take 0.06 after twenty rounds.
  const auto reward = [](Arm arm, uint64_t round) {
    return 0.5 + (arm == kArmFull ? (round % 2 == 0 ? 0.3 : -0.25) : 0);
  };
  GateConfig config = comparing();
  config.memory = 1e6;
  Bandit cautious(config, 1, reward);
  cautious.rounds(20);
  EXPECT_EQ(cautious.gate().best(), kArmPrior);
  config.caution = 0;
  Bandit rash(config, 1, reward);
  rash.rounds(20);
  EXPECT_EQ(rash.gate().best(), kArmFull);
}

TEST(Gate, ForgetsAfterALoadHasChanged) {
  GateConfig config = comparing();
  config.memory = 10;
  ArmReward before = favours(kArmCoarse, 0.05, 0.02);
  ArmReward after = favours(kArmFine, 0.05, 0.02);
  Bandit bandit(config, 1, [&](Arm arm, uint64_t round) {
    return round < 40 ? before(arm, round) : after(arm, round);
  });
  bandit.rounds(40);
  EXPECT_EQ(bandit.gate().best(), kArmCoarse);
  bandit.rounds(60);
  EXPECT_EQ(bandit.gate().best(), kArmFine);
  EXPECT_NEAR(bandit.gate().uplift(kArmCoarse).mean, 0, 0.01);
}

// The prior earns more where "fine" has just acted than it does by itself.
TEST(Gate, WhatABetterArmLeavesBehindIsNoOtherLoad) {
  GateConfig config = comparing();
  config.memory = 10;
  Rng rng(3);
  int since_fine = 1000;
  Bandit bandit(config, 1, [&](Arm arm, uint64_t round) {
    const double noise = 0.01 * rng.normal();
    if (round < 40) return 0.4 + noise;
    since_fine = arm == kArmFine ? 0 : since_fine + 1;
    return (since_fine < 90 ? 0.7 : 0.4) + (arm == kArmFine ? 0.1 : 0) + noise;
  });
  bandit.rounds(80);
  EXPECT_EQ(bandit.gate().best(), kArmFine);
  EXPECT_EQ(bandit.gate().signals().count(Intervention::kDrift), 0U);
}

TEST(Gate, AnotherLoadIsFoundWhileABetterArmActs) {
  GateConfig config = comparing();
  config.settled = 0.25;
  ArmReward coarse = favours(kArmCoarse, 0.1, 0.02);
  bool changed = false;
  Bandit bandit(config, 1,
                [&](Arm arm, uint64_t round) { return coarse(arm, round) - (changed ? 0.3 : 0); });
  bandit.rounds(40);
  ASSERT_EQ(bandit.gate().best(), kArmCoarse);
  ASSERT_EQ(bandit.gate().signals().count(Intervention::kDrift), 0U);
  changed = true;
  bandit.windows(100);
  EXPECT_EQ(bandit.gate().signals().count(Intervention::kDrift), 1U);
}

// The prior earns what it did; what acts does not.
TEST(Gate, AnotherLoadIsFoundWhereOnlyTheBetterArmEarnsLess) {
  GateConfig config = comparing();
  config.settled = 0.25;
  ArmReward coarse = favours(kArmCoarse, 0.1, 0.02);
  bool changed = false;
  Bandit bandit(config, 1, [&](Arm arm, uint64_t round) {
    return coarse(arm, round) - (changed && arm == kArmCoarse ? 0.15 : 0);
  });
  bandit.rounds(40);
  ASSERT_EQ(bandit.gate().best(), kArmCoarse);
  bandit.windows(400);
  ASSERT_EQ(bandit.gate().signals().count(Intervention::kLeadLost), 0U);
  changed = true;
  bandit.windows(60);
  EXPECT_EQ(bandit.gate().signals().count(Intervention::kLeadLost), 1U);
  EXPECT_EQ(bandit.gate().best(), kArmPrior);
  EXPECT_EQ(bandit.gate().signals().count(Intervention::kDrift), 0U);
}

TEST(Gate, InARoundEveryArmActsOnceInRandomOrder) {
  Bandit bandit(comparing(), 1, favours(kArmPrior, 0, 0));
  std::vector<int> all(kArms);
  std::iota(all.begin(), all.end(), 0);
  std::vector<std::vector<int>> orders;
  for (uint64_t round = 0; round < 10; ++round) {
    EXPECT_EQ(bandit.gate().rounds(), round);
    std::vector<int> order = bandit.windows(kArms);
    orders.push_back(order);
    std::sort(order.begin(), order.end());
    EXPECT_EQ(order, all);
  }
  std::sort(orders.begin(), orders.end());
  EXPECT_GT(std::unique(orders.begin(), orders.end()) - orders.begin(), 5);
}

TEST(Gate, ExploresItsShareUntilTheArmsAreKnownAndThenLess) {
  GateConfig config;
  config.explore = 0.4;
  config.compare = 0.3;
  config.settled = 0.25;
  config.warmup = 1e6;
  const auto share = [](const GateConfig& c) {
    Bandit bandit(c, 1, favours(kArmPrior, 0, 0));
    const std::vector<int> windows = bandit.windows(4'000);
    return static_cast<double>(std::count(windows.begin(), windows.end(), -1)) / 4'000;
  };
  EXPECT_NEAR(share(config), 0.4, 0.035);
  config.warmup = 0;
  EXPECT_NEAR(share(config), 0.1, 0.02);
}

TEST(Gate, SaysToWhomLearnsHowMuchIsTriedOut) {
  GateConfig config = comparing();
  config.settled = 0.25;
  config.warmup = 3;
  bool changed = false;
  Bandit bandit(config, 1, [&](Arm, uint64_t) { return changed ? 0.2 : 0.5; });
  const auto pace = [&] { return bandit.gate().signals().pace.load(); };
  bandit.rounds(2);
  EXPECT_EQ(pace(), 1);
  bandit.rounds(20);
  EXPECT_EQ(pace(), 0.25);
  changed = true;
  while (bandit.gate().signals().count(Intervention::kDrift) == 0) bandit.step();
  bandit.step(300'000);
  EXPECT_EQ(pace(), 1);
}

TEST(Gate, AWindowInWhichNothingHappenedIsNotCounted) {
  Bandit bandit(comparing(), 1, favours(kArmFine, 0.3, 0));
  for (int i = 0; i < 100; ++i) bandit.step(300'000);  // idle for longer than a window
  EXPECT_EQ(bandit.gate().rounds(), 0U);
  EXPECT_EQ(bandit.gate().uplift(kArmFine).rounds, 0);
  bandit.rounds(1);
  EXPECT_NEAR(bandit.gate().uplift(kArmFine).mean, 0.3, 1e-6);
}

TEST(Gate, WhatTheWindowBeforeLeftBehindIsNotMeasured) {
  // The first 40 ms of a window still earn what the last arm earned.
  Arm last = kArmPrior;
  Arm current = kArmPrior;
  int steps = 0;
  Bandit bandit(comparing(), 1, [&](Arm arm, uint64_t) {
    if (arm != current) {
      last = current;
      current = arm;
      steps = 0;
    }
    return (++steps <= 4 ? last : current) == kArmFine ? 0.8 : 0.5;
  });
  bandit.rounds(1);
  EXPECT_NEAR(bandit.gate().uplift(kArmFine).mean, 0.3, 1e-6);
  EXPECT_NEAR(bandit.gate().uplift(kArmCalm).mean, 0, 1e-6);
}

TEST(Gate, SameSeedSameWindows) {
  const auto windows = [](uint64_t seed) {
    return Bandit(GateConfig{}, seed, favours(kArmFull, 0.1, 0.1)).windows(150);
  };
  EXPECT_EQ(windows(3), windows(3));
  EXPECT_NE(windows(3), windows(4));
}

TEST(Gate, GoesOnFromSavedStateAsIfNothingHadHappened) {
  const auto reward = [](Arm arm, uint64_t round) {
    return 0.3 + 0.01 * static_cast<int>(arm) + 0.01 * static_cast<double>(round % 3);
  };
  Bandit whole(GateConfig{}, 3, reward);
  whole.windows(60);
  for (int i = 0; i < 7; ++i) whole.step();  // within a window, and most likely within a round
  const std::string state = whole.save();
  Bandit resumed(GateConfig{}, 77, reward);
  ASSERT_TRUE(resumed.load(state));
  EXPECT_EQ(resumed.gate().best(), whole.gate().best());
  EXPECT_EQ(resumed.windows(100), whole.windows(100));
  EXPECT_EQ(resumed.save(), whole.save());
}

TEST(Arms, SayWhatActs) {
  const struct {
    Arm arm;
    bool burst, residual;
    Residual bias;
  } cases[] = {
      {kArmPrior, false, false, {}},
      {kArmBurst, true, false, {}},
      {kArmResidual, false, true, {}},
      {kArmFull, true, true, {}},
      {kArmFine, false, false, {.burst = 0, .order = 0, .preempt = 0, .slice = -1}},
      {kArmCoarse, false, false, {.burst = 0, .order = 0, .preempt = 0, .slice = 1.6F}},
      {kArmCalm, false, false, {.burst = 0, .order = 0, .preempt = 3, .slice = 0}},
  };
  for (const auto& c : cases) {
    const Conduct conduct = conduct_of(c.arm);
    EXPECT_EQ(conduct.burst, c.burst) << c.arm;
    EXPECT_EQ(conduct.residual, c.residual) << c.arm;
    EXPECT_FALSE(conduct.explore) << c.arm;
    EXPECT_EQ(conduct.bias.burst, c.bias.burst) << c.arm;
    EXPECT_EQ(conduct.bias.order, c.bias.order) << c.arm;
    EXPECT_EQ(conduct.bias.preempt, c.bias.preempt) << c.arm;
    EXPECT_EQ(conduct.bias.slice, c.bias.slice) << c.arm;
  }
}

TEST(GateConfig, BadInputIsOneClearLine) {
  const struct {
    const char* text;
    const char* message;
  } cases[] = {
      {"window: 100ms\nsettle: 20ms\nexplore: 0.1\ncompare: 0.2\nmemory: 7\ncaution: 3\n", ""},
      {"explore: 0.5\ncompare: 0.6\n", "g.yaml:2: key 'compare': at most 1 - 'explore', got '0.6'"},
      {"settle: 200ms\n", "g.yaml:1: key 'settle': less than 'window', got '200ms'"},
      {"memory: 1\n", "key 'memory': expected a number between 2 and"},
      {"cation: 1\n", "unknown key 'cation'; did you mean 'caution'?"},
  };
  for (const auto& c : cases) {
    Diagnostics diagnostics;
    GateConfig config;
    {
      Section section = Section::parse(c.text, "g.yaml", diagnostics);
      read(section, config);
      section.finish();
    }
    if (*c.message == '\0') {
      EXPECT_TRUE(diagnostics.ok()) << diagnostics.error().message;
      EXPECT_EQ(config.window, 100 * kMillisecond);
      EXPECT_EQ(config.settle, 20 * kMillisecond);
      EXPECT_EQ(config.memory, 7);
      EXPECT_EQ(config.caution, 3);
    } else {
      ASSERT_EQ(diagnostics.lines().size(), 1U) << c.text;
      EXPECT_NE(diagnostics.lines()[0].find(c.message), std::string::npos)
          << diagnostics.lines()[0];
    }
  }
}

}  // namespace
}  // namespace quanta
