#include "agent/explain/explain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "agent/features/features.h"
#include "tests/status/sample.h"

namespace quanta {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class ExplainTest : public ::testing::Test {
 protected:
  ExplainTest() {
    machine.policy = "acting";
    policy.weights.inverse_sd.fill(1);
  }
  std::string said() const { return explain(task, policy, machine, learning); }

  DecidedTask task = sample_task();
  PolicyReport policy;
  MachineReport machine;
  LearningReport learning = sample_learning();
};

TEST_F(ExplainTest, TheKeyByItsTerms) {
  EXPECT_THAT(
      said(),
      AllOf(HasSubstr("game (pid 42), decided 1.00 s ago when it woke up by policy 3\n"),
            HasSubstr("place in the queue: now + 2.00 ms"),
            HasSubstr("to run for 500 us more: 1.00 ms by its past, times 0.50 by the learned"),
            HasSubstr("weighs 2.00, as class 'interactive' says"),
            HasSubstr("8 x 500 us / 2.00 x 1.00 (learned order) = 2.00 ms\n"),
            HasSubstr("waiting 30.00 ms it would go before everybody")));
}

TEST_F(ExplainTest, ThePlaceBehindThePeerThatWokeIt) {
  task.decision.peer_index_ns = 5e5;
  EXPECT_THAT(said(),
              AllOf(HasSubstr("a peer woke it (the same process or name), which itself would count "
                              "500 us: it does not overtake its peers, so that counts instead of "
                              "500 us / 2.00 = 250 us\n"),
                    HasSubstr("  8 x 500 us x 1.00 (learned order) = 4.00 ms\n")));
}

TEST_F(ExplainTest, ThePreemptionByGainAndPrice) {
  // 0.5 x 500 us + 5 us x (0.5 + 1.5) = 260 us, doubled by the head; 2 x 1 ms is gained.
  EXPECT_THAT(said(), AllOf(HasSubstr("preemption: it pushed aside"), HasSubstr("= 2.00 ms\n"),
                            HasSubstr("x (0.50 + 1.50 waiting per CPU) = 260 us\n"),
                            HasSubstr("threshold: 260 us x 2.00 (learned) = 520 us; the gain is "
                                      "3.85 of that\n")));
  policy.index.latency_target = kMillisecond;
  policy.index.latency_worth = std::exp(1.0);
  EXPECT_THAT(said(), HasSubstr("x 2.00 ms (the wait it is spared: 1.00 ms, and 1.00 ms for coming "
                                "late) = 4.00 ms\n"));
  task.decision.preempted = false;
  task.decision.victim_weight = 0;
  EXPECT_THAT(said(), AllOf(HasSubstr("did not push aside"), HasSubstr("there was nobody")));
  task.decision.saved_ns = -1;
  EXPECT_THAT(said(), HasSubstr("the kernel does not tell gain and price"));
  task.decision.woken = false;
  EXPECT_THAT(said(), HasSubstr("preemption: not asked"));
}

TEST_F(ExplainTest, TheSliceAndItsBounds) {
  EXPECT_THAT(said(), HasSubstr("slice: 1.00 ms: 2.00 ms x 0.50 (learned)\n"));
  task.decision.slice = 3;
  task.task.slice_ns = 10e6;
  EXPECT_THAT(said(), HasSubstr("x 8.00 (learned), kept within 250 us and 10.00 ms\n"));
}

TEST_F(ExplainTest, WhoDecided) {
  EXPECT_THAT(said(), AllOf(HasSubstr("all learned heads acted"), HasSubstr("nothing was tried"),
                            HasSubstr("'full' acts: +0.0400 +-0.0200 over the prior"),
                            Not(HasSubstr("a constant was moved"))));
  task.decision.exploration_sd = 0.4F;
  task.decision.taken[kActSlice] = -0.75F;
  EXPECT_THAT(said(), AllOf(HasSubstr("noise (deviation 0.40 octaves): order +0.00"),
                            HasSubstr("slice +0.25\n"), HasSubstr("a constant was moved")));
  task.decision.burst_acts = task.decision.residual_acts = false;
  learning.best = "prior";
  EXPECT_THAT(said(), AllOf(HasSubstr("the prior decided; no learned head acted"),
                            HasSubstr("after 12 comparisons nothing surely beats the prior")));
  machine.policy = "watching";
  EXPECT_THAT(said(), HasSubstr("this is what Quanta would have done"));
}

TEST_F(ExplainTest, TheTwoFeaturesThatMatteredMost) {
  EXPECT_THAT(said(), HasSubstr("what mattered most to the network: nothing"));
  // One neuron per feature, straight on to the burst head.
  const auto pass_on = [&](FeatureIndex feature, int neuron, float to_burst) {
    Weights& w = policy.weights;
    w.w[weight_offset(0, feature, neuron)] = 1;
    for (int l = 1; l < w.shape.layers - 1; ++l) {
      w.w[weight_offset(l, neuron, neuron)] = 1;
    }
    w.w[weight_offset(w.shape.layers - 1, neuron)] = to_burst;
    task.decision.features[static_cast<size_t>(feature)] = 1;
  };
  pass_on(kCrowd, 0, 0.1F);
  pass_on(kSleepMean, 1, -2);
  pass_on(kNameA, 2, 1);
  EXPECT_THAT(said(), AllOf(HasSubstr("  sleep mean (+1.0 deviations): burst x 0.25"),
                            HasSubstr("  name a (+1.0 deviations): burst x 2.00"),
                            Not(HasSubstr("crowd"))));
}

TEST_F(ExplainTest, ANameCannotSteerTheTerminal) {
  task.task.comm = "a\x1b[2J";
  EXPECT_THAT(said(), AllOf(HasSubstr("a?[2J"), Not(HasSubstr("\x1b"))));
}

}  // namespace
}  // namespace quanta
