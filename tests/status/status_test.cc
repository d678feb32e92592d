// What the service says of a simulated run.
#include "agent/status/status.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "agent/status/client.h"
#include "env/sim/load_file.h"
#include "env/sim/sim_env.h"

namespace quanta {
namespace {

class StatusTest : public ::testing::Test {
 protected:
  explicit StatusTest(const Config& config = {})
      : config_(config),
        load_(read_load(QUANTA_SOURCE_DIR "/configs/workloads/game_build.yaml").value()),
        env_(config_.sim.machine, load_, SimScheduler::kExt, 3 * kSecond),
        agent_(config_, env_),
        status_(agent_, agent_.hot.meter) {
    while (!env_.finished()) {
      agent_.hot.loop.step();
      agent_.cold.step();
      status_.tick();
    }
  }

  Config config_;
  Load load_;
  SimEnv env_;
  Agent agent_;
  StatusService status_;
};

TEST_F(StatusTest, NamesTheTasksOfTheLoad) {
  const TasksReport report = status_.tasks();
  EXPECT_EQ(report.machine.env, "sim");
  EXPECT_EQ(report.machine.cpus, config_.sim.machine.cpus);
  EXPECT_GT(report.machine.decisions_per_second, 0);
  EXPECT_EQ(report.machine.decisions, agent_.hot.loop.decisions());
  EXPECT_FALSE(report.learning.learns);
  ASSERT_FALSE(report.tasks.empty());
  uint64_t decisions = 0;
  for (const TaskReport& t : report.tasks) {
    EXPECT_FALSE(t.comm.empty());
    decisions += t.decisions;
    if (t.decisions == 0) continue;
    EXPECT_GE(t.slice_ns, static_cast<double>(config_.policy.slice_min));
  }
  EXPECT_LE(decisions, agent_.hot.journal.records());
  EXPECT_GT(decisions, 100U);
  const bool exited = std::any_of(report.tasks.begin(), report.tasks.end(),
                                  [](const TaskReport& t) { return t.exited; });
  EXPECT_TRUE(exited);  // jobs of the build
}

TEST_F(StatusTest, TheRatesOfTheTermsAddUpToTheReward) {
  const MachineReport machine = status_.tasks().machine;
  double sum = 0;
  for (const double term : machine.reward_terms) sum += term;
  EXPECT_NEAR(sum, machine.reward, 1e-9);
}

// A gate that lets the arm act that seems best, sure or not.
class StatusOfAGate : public StatusTest {
 protected:
  StatusOfAGate() : StatusTest(careless()) {}
  static Config careless() {
    Config config;
    config.guard.window = 20 * kMillisecond;
    config.guard.settle = 2 * kMillisecond;
    config.guard.caution = 0;
    return config;
  }
};

TEST_F(StatusOfAGate, TheUpliftsOfTheTermsAddUpToThatOfTheArm) {
  const LearningReport learning = status_.tasks().learning;
  const auto arm =
      std::find_if(learning.arms.begin(), learning.arms.end(),
                   [&](const UpliftReport& uplift) { return uplift.name == learning.best; });
  ASSERT_NE(arm, learning.arms.end()) << "the prior is best";
  EXPECT_GT(arm->uplift, 0);
  double sum = 0;
  ASSERT_EQ(learning.terms.size(), kTerms);
  for (size_t i = 0; i < kTerms; ++i) {
    EXPECT_EQ(learning.terms[i].name, kTermNames[i]);
    EXPECT_EQ(learning.terms[i].rounds, arm->rounds);
    sum += learning.terms[i].uplift;
  }
  EXPECT_NEAR(sum, arm->uplift, 1e-9);
}

TEST_F(StatusTest, WithoutComparisonsThereIsNoUpliftByTerm) {
  EXPECT_EQ(status_.tasks().learning.best, "prior");
  EXPECT_THAT(status_.tasks().learning.terms, ::testing::IsEmpty());
}

TEST_F(StatusTest, TheKeyIsWhatTheIndexGives) {
  const DecisionsReport report = status_.decisions();
  ASSERT_GT(report.tasks.size(), 3U);
  for (const DecidedTask& t : report.tasks) {
    const DecisionReport& d = t.decision;
    EXPECT_EQ(d.burst, 0);  // an untrained network is the prior
    const double counted = std::min(d.prior_rem_ns, 50e6);
    const double key = config_.policy.patience * std::max(counted / d.weight, d.peer_index_ns);
    EXPECT_NEAR(d.key_ns, key, 1e-3 * key + 2) << t.task.comm;
    if (!d.woken || d.victim_weight <= 0) continue;
    const auto cost = static_cast<double>(config_.policy.switch_cost);
    const double price = d.victim_weight * d.prior_rem_ns + cost * (d.victim_weight + d.others);
    const double gain = d.weight * d.saved_ns;
    if (std::abs(gain / price - 1) < 1e-3) continue;  // rounding decides
    // A preemption may come too late, but never without a gain.
    if (!d.preempted) continue;
    EXPECT_GT(gain, price) << t.task.comm;
  }
}

TEST_F(StatusTest, ItsPagesAreWhatItsClientsRead) {
  const std::vector<Page> pages = status_.pages();
  ASSERT_EQ(pages.size(), 3U);
  EXPECT_EQ(parse_tasks(pages[0].content())->tasks.size(), status_.tasks().tasks.size());
  EXPECT_EQ(parse_decisions(pages[1].content())->tasks.size(), status_.decisions().tasks.size());
  EXPECT_EQ(parse_policy(pages[2].content())->weights.checksum,
            agent_.hot.publisher.current().checksum);
}

}  // namespace
}  // namespace quanta
