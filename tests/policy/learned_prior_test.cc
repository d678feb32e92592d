// An untrained network is the prior: bit for bit, decision by decision, in simulated runs.
#include <gtest/gtest.h>

#include <cstring>

#include "agent/hot/hot_loop.h"
#include "agent/policy/baselines.h"
#include "env/sim/sim_env.h"
#include "tests/policy/random_net.h"
#include "tests/sim/shipped.h"

namespace quanta {
namespace {

// Hidden layers of any weights, heads of zero.
Weights zero_heads() {
  Rng rng(3);
  const Shape shape = shape_of({16, 16});
  Weights weights = random_net(rng, shape);
  for (int h = 0; h < kHeads; ++h) {
    weights.b[bias_offset(2, h)] = 0;
    for (int in = 0; in < 16; ++in) weights.w[weight_offset(2, in, h)] = 0;
  }
  weights.exploration_sd = 0;
  weights.checksum = checksum_of(weights);
  return weights;
}

// Asks both policies about every task; the first one's decisions act.
class Both final : public Policy {
 public:
  Both(Policy& acts, Policy& compared) : acts_(acts), compared_(compared) {}
  Decision decide(const Event& event, Tracker& tracker) override {
    const TaskView before = tracker.task(event.task);
    const Decision other = compared_.decide(event, tracker);
    tracker.task(event.task) = before;
    const Decision decision = acts_.decide(event, tracker);
    if (std::memcmp(&other, &decision, sizeof(Decision)) != 0) ++different;
    ++decisions;
    return decision;
  }
  uint64_t different = 0;
  uint64_t decisions = 0;

 private:
  Policy& acts_;
  Policy& compared_;
};

class UntrainedNetwork : public ::testing::TestWithParam<const char*> {};

TEST_P(UntrainedNetwork, DecidesAsThePrior) {
  const Load load = shipped(GetParam());
  SimEnv env(MachineConfig{}, load, SimScheduler::kExt, 2 * kSecond);
  Weighing weighing;
  Tracker tracker(env, weighing);
  Publisher publisher(zero_heads());
  LearnedPolicy learned(publisher, IndexConfig{}, ExplorationConfig{}, 1);
  IndexPolicy prior{IndexConfig{}};
  Both both(prior, learned);
  HotLoop loop(env, tracker, &both, nullptr);
  while (!env.finished()) loop.step();
  EXPECT_GT(both.decisions, 1'000U);
  EXPECT_EQ(both.different, 0U);
}

INSTANTIATE_TEST_SUITE_P(Workloads, UntrainedNetwork,
                         ::testing::Values("victims", "game_build", "hackbench"),
                         [](const auto& test) { return std::string(test.param); });

}  // namespace
}  // namespace quanta
