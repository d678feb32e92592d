// Reward as a pure function of what came of a decision: every term by hand.
#include "agent/reward/credit.h"
#include "tests/units.h"

#include <gtest/gtest.h>

#include <functional>

namespace quanta {
namespace {

// Waited 300 us, ran 200 us of which 180 us were useful; weight 2.
Record plain() {
  Record r{};
  r.w = 2;
  r.importance = 1.5F;
  r.wait = 300 * kMicrosecond;
  r.run = 200 * kMicrosecond;
  r.work = 180 * kMicrosecond;
  r.reward_class = -1;
  return r;
}

RewardConfig with_class(Nanos deadline) {
  RewardConfig config;
  RewardClass c;
  c.deadline = deadline;
  config.weighing.classes.push_back(c);
  return config;
}

TEST(Credit, EachTermByHand) {
  const struct {
    const char* what;
    std::function<void(Record&)> change;
    Terms terms;  // us
  } cases[] = {
      {"useless CPU time and a switch; its own wait goes on",
       [](Record&) {},
       {0, 0, 0, -30, -5, 0, 0}},
      {"an activation's end: its own wait",
       [](Record& r) { r.slept = true; },
       {-600, 0, 0, -30, -5, 0, 0}},
      {"waiting that it caused", [](Record& r) { r.caused = 70'000; }, {-70, 0, 0, -30, -5, 0, 0}},
      {"half of it late",
       [](Record& r) {
         r.caused = 70'000;
         r.caused_woken = 40'000;
       },
       {-70, -20, 0, -30, -5, 0, 0}},
      {"a slow wake-up",
       [](Record& r) {
         r.woken = r.slept = true;
         r.wait = 1'250 * kMicrosecond;  // 250 us beyond the target
       },
       {-2'500, -500, 0, -30, -5, 0, 0}},
      {"slow, but put back",
       [](Record& r) {
         r.slept = true;
         r.wait = 1'250 * kMicrosecond;
       },
       {-2'500, 0, 0, -30, -5, 0, 0}},
      {"a wake-up on target",
       [](Record& r) {
         r.woken = r.slept = true;
         r.wait = kMs;
       },
       {-2'000, 0, 0, -30, -5, 0, 0}},
      {"past its promised share: others are kept from theirs as long",
       [](Record& r) { r.overdue = 40'000; },
       {0, 0, 0, -30, -5, 0, 0}},
      {"a preemption: c * (w_v + W / N + 1) on top",
       [](Record& r) {
         r.preempted = true;
         r.victim_w = 3;
         r.others = 0.5F;
       },
       {0, 0, 0, -30, -27.5, 0, 0}},
      {"a victim that lost its cache",
       [](Record& r) {
         r.displaced = true;
         r.victim_w = 3;
         r.victim_wait = 100 * kMicrosecond;
         r.victim_loss = 20 * kMicrosecond;
       },
       {0, 0, 0, -50, -5, 0, 0}},
      {"an activation's end: four times the CPU time",
       [](Record& r) {
         r.slept = true;
         r.response = 3'200 * kMicrosecond;
         r.activation = 800e3F;
       },
       {-600, 0, -400, -30, -5, 0, 0}},
      {"no slowdown below none",
       [](Record& r) {
         r.slept = true;
         r.response = 500;
         r.activation = 100;
       },
       {-600, 0, 0, -30, -5, 0, 0}},
  };
  for (const auto& c : cases) {
    Record r = plain();
    c.change(r);
    const Terms terms = credit(r, RewardConfig{}, 0.5);
    for (size_t i = 0; i < kTerms; ++i) {
      EXPECT_NEAR(terms[i], c.terms[i] * kNsPerUs, 1) << c.what << ": " << kTermNames[i];
    }
  }
}

TEST(Credit, ADeadlineIsMissedAfterIt) {
  const RewardConfig config = with_class(4 * kMs);
  Record r = plain();
  r.reward_class = 0;
  r.slept = true;
  r.activation = 200e3F;
  r.response = 4 * kMs;
  EXPECT_EQ(credit(r, config, 0)[kTermDeadline], 0);
  r.response = 4 * kMs + 1;
  EXPECT_EQ(credit(r, config, 0)[kTermDeadline], -2'000 * kNsPerUs);
  EXPECT_EQ(credit(r, with_class(0), 0)[kTermDeadline], 0);
  r.slept = false;  // not at its end yet
  EXPECT_EQ(credit(r, config, 0)[kTermDeadline], 0);
  r.slept = true;
  r.reward_class = -1;
  EXPECT_EQ(credit(r, config, 0)[kTermDeadline], 0);
}

TEST(Credit, FollowsTheConfiguredCosts) {
  RewardConfig config;
  config.switch_cost = 50 * kMicrosecond;
  config.latency_target = 100 * kMicrosecond;
  config.slowdown_unit = kMs;
  Record r = plain();
  r.woken = r.slept = true;
  r.response = 400 * kMicrosecond;
  r.activation = 200e3F;
  const Terms terms = credit(r, config, 0);
  EXPECT_EQ(terms[kTermSwitch], -50 * kNsPerUs);
  EXPECT_EQ(terms[kTermLatency], -400 * kNsPerUs);
  EXPECT_EQ(terms[kTermSlowdown], -2'000 * kNsPerUs);
}

TEST(Total, IsTheWeightedSum) {
  RewardConfig config;
  config.weight = {1, 2, 3, 4, 5, 6, 7};
  EXPECT_EQ(total({1, 10, 100, 1'000, 10'000, 100'000, 1'000'000}, config), 7'654'321);
}

Record of_kind(float log2_rem, Nanos wait, Nanos run) {
  Record r = plain();
  r.act.prior_rem = log2_rem;
  r.wait = wait;
  r.run = r.work = run;
  return r;
}

TEST(GoingRates, PriceIsWhatCpuTimeCostsThoseOfItsKind) {
  RewardConfig config;
  config.weight = {1, 2, 1, 0.5, 3, 1, 1};
  const Record quick = of_kind(17, 100 * kMicrosecond, 100 * kMicrosecond);
  const Record slow = of_kind(22, 500 * kMicrosecond, 2 * kMs);
  GoingRates rates;
  EXPECT_EQ(rates.price(quick), 0);
  for (int i = 0; i < 20'000; ++i) {
    rates.add(quick, config);
    rates.add(slow, config);
  }
  EXPECT_NEAR(rates.price(quick), (2 * 100 + 3 * 5) / 100.0, 1e-3);
  EXPECT_NEAR(rates.price(slow), (2 * 500 + 3 * 5) / 2000.0, 1e-3);
  Record woken = quick;
  woken.woken = true;
  EXPECT_EQ(rates.price(woken), 0) << "another kind";
}

TEST(GoingRates, ATaskThatNeverSleepsWaitsAsLongInAll) {
  const RewardConfig config;
  const Record endless = of_kind(26, 8 * kMs, 2 * kMs);
  GoingRates rates;
  for (int i = 0; i < 20'000; ++i) rates.add(endless, config);
  EXPECT_NEAR(rates.price(endless), 5.0 / 2000, 1e-5) << "the switch alone";
}

TEST(GoingRates, LateShareIsThePartOfWaitingBeyondTheTarget) {
  RewardConfig config;
  config.latency_target = 100 * kMicrosecond;
  GoingRates rates;
  EXPECT_EQ(rates.late_share(), 0);
  Record r = plain();
  for (int i = 0; i < 20'000; ++i) {
    r.woken = true;
    r.wait = (i % 2 == 0 ? 50 : 150) * kMicrosecond;
    rates.add(r, config);
    r.woken = false;  // says nothing of wake-ups
    rates.add(r, config);
  }
  EXPECT_NEAR(rates.late_share(), 0.25, 1e-3);
}

}  // namespace
}  // namespace quanta
