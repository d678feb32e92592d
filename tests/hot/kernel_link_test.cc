// What the kernel's policy is told, and what its judgements become.
#include "agent/hot/kernel_link.h"

#include <gtest/gtest.h>

#include <bit>
#include <limits>
#include <vector>

#include "agent/features/features.h"
#include "tests/policy/random_net.h"

namespace quanta {
namespace {

// A kernel that only listens.
class Listener final : public KernelPolicy {
 public:
  void publish(const quanta_network& network) override { networks.push_back(network); }
  void act_with(const quanta_conduct& conduct) override { conducts.push_back(conduct); }
  void weigh(TaskId, float weight) override { weights.push_back(weight); }
  const quanta_judgement* judgement(const Event& event) const override {
    return event.work == 1 ? &told : nullptr;
  }

  std::vector<quanta_network> networks;
  std::vector<quanta_conduct> conducts;
  std::vector<float> weights;
  quanta_judgement told{};
};

class KernelLinkTest : public ::testing::Test {
 protected:
  Listener kernel;
  Weighing weighing;
  KernelLink link{kernel, weighing};
  Rng rng{1};
};

TEST_F(KernelLinkTest, PublishesNewWeightsOnce) {
  Weights weights = random_net(rng, shape_of({16, 16}));
  weights.version = 7;
  weights.checksum = checksum_of(weights);
  link.keep_up(weights, {});
  link.keep_up(weights, {});
  ASSERT_EQ(kernel.networks.size(), 1U);
  EXPECT_EQ(kernel.networks[0].version, 7U);
  weights.version = 8;
  weights.checksum = checksum_of(weights);
  link.keep_up(weights, {});
  EXPECT_EQ(kernel.networks.size(), 2U);
  EXPECT_EQ(link.refused(), 0U);
}

TEST_F(KernelLinkTest, RefusesWhatTheKernelCannotHaveAndKeepsTheLast) {
  Weights weights = random_net(rng, shape_of({16, 16}));
  link.keep_up(weights, {});
  weights.w[5] = std::numeric_limits<float>::quiet_NaN();
  weights.checksum = checksum_of(weights);
  link.keep_up(weights, {});
  link.keep_up(weights, {});
  EXPECT_EQ(kernel.networks.size(), 1U);
  EXPECT_EQ(link.refused(), 1U);
  link.keep_up(random_net(rng, shape_of({32, 32, 32})), {});
  EXPECT_EQ(link.refused(), 2U);
}

TEST_F(KernelLinkTest, TellsWhatActsWhenItChanges) {
  const Weights weights = random_net(rng, shape_of({16, 16}));
  Conduct conduct{.burst = true, .residual = false, .explore = false, .observe = true, .bias = {}};
  link.keep_up(weights, conduct);
  link.keep_up(weights, conduct);
  conduct.bias.slice = -1;
  conduct.observe = false;
  link.keep_up(weights, conduct);
  ASSERT_EQ(kernel.conducts.size(), 2U);
  EXPECT_EQ(kernel.conducts[0].burst, 1);
  EXPECT_EQ(kernel.conducts[0].residual, 0);
  EXPECT_EQ(kernel.conducts[0].observe, 1);
  EXPECT_EQ(kernel.conducts[1].slice, -16);
  EXPECT_EQ(kernel.conducts[1].observe, 0);
}

TEST_F(KernelLinkTest, ReadsAJudgementInTheAgentsUnits) {
  kernel.told.x[kBurstMean] = 20 * 256;
  kernel.told.heads[QUANTA_HEAD_ORDER] = 4096;
  kernel.told.taken[QUANTA_HEAD_ORDER] = 6144;
  kernel.told.taken[QUANTA_HEAD_SLICE] = -2048;
  kernel.told.sd = 2048;
  kernel.told.prior_rem = 17 * 256 + 128;
  kernel.told.version = 3;
  kernel.told.victim = 9;
  kernel.told.key = 1000;
  kernel.told.slice = 500'000;
  Event event{};
  event.task = 4;
  event.cpu = 2;
  KernelLink::Judged judged;
  EXPECT_FALSE(link.read(event, judged));  // not recorded
  event.work = 1;
  ASSERT_TRUE(link.read(event, judged));
  EXPECT_EQ(judged.act.x[kBurstMean], 20.0F);
  EXPECT_EQ(judged.act.mean[kActOrder], 1.0F);
  EXPECT_EQ(judged.act.taken[kActOrder], 1.5F);
  EXPECT_EQ(judged.act.taken[kActSlice], -0.5F);
  EXPECT_EQ(judged.act.sd, 0.5F);
  EXPECT_EQ(judged.act.prior_rem, 17.5F);
  EXPECT_EQ(judged.act.version, 3U);
  EXPECT_EQ(judged.victim, 9U);
  EXPECT_EQ(judged.grounds.applied.order, 1.5F);
  EXPECT_LT(judged.grounds.saved, 0);  // not told
  EXPECT_FALSE(judged.grounds.residual_acts);
  EXPECT_EQ(judged.decision.task, 4U);
  EXPECT_EQ(judged.decision.preempt_cpu, 2);
  EXPECT_EQ(judged.decision.slice, 500'000U);
}

TEST_F(KernelLinkTest, AddsWhatActsToTheGrounds) {
  kernel.told.heads[QUANTA_HEAD_BURST] = -4096;
  kernel.told.taken[QUANTA_HEAD_PREEMPT] = 4096;
  const auto weights = std::make_unique<Weights>();
  link.keep_up(*weights, {.burst = true,
                          .residual = false,
                          .explore = false,
                          .observe = true,
                          .bias = {.burst = 0, .order = 0, .preempt = 3, .slice = 0}});
  Event event{};
  event.work = 1;
  KernelLink::Judged judged;
  ASSERT_TRUE(link.read(event, judged));
  EXPECT_EQ(judged.grounds.applied.burst, -1.0F);
  EXPECT_EQ(judged.grounds.applied.preempt, 4.0F);
  EXPECT_TRUE(judged.grounds.burst_acts);
  EXPECT_FALSE(judged.grounds.residual_acts);
}

TEST_F(KernelLinkTest, WeighsTasksThatBelongToAClass) {
  weighing.classes.emplace_back().weight = 4;
  TaskView view;
  link.named(1, view);
  view.reward_class = 0;
  link.named(1, view);
  EXPECT_EQ(kernel.weights, (std::vector<float>{0, 4}));
}

}  // namespace
}  // namespace quanta
