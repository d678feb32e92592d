// The real hot loop in one thread, the real trainer and publisher in another.
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "agent/run/drive.h"
#include "agent/run/figures.h"
#include "env/base/clocks.h"
#include "env/sim/load_file.h"
#include "env/sim/sim_env.h"
#include "tests/hot/perturbing_learner.h"
#include "tests/run/free_running.h"

namespace quanta {
namespace {

constexpr Nanos kForever = Nanos{1} << 60;

class HotAndCold : public ::testing::Test {
 protected:
  HotAndCold() : sim_(config_.sim.machine, load(), SimScheduler::kExt, kForever), env_(sim_) {
    config_.learner.batch = 64;
    config_.trainer.records_per_second = 10'000'000;
    agent_ = std::make_unique<Agent>(config_, env_);
    agent_->learn(std::make_unique<PerturbingLearner>(config_.learner));
  }
  static Load load() {
    return read_load(QUANTA_SOURCE_DIR "/configs/workloads/server_hogs.yaml").value();
  }

  Config config_;
  SimEnv sim_;
  FreeRunning env_;
  std::unique_ptr<Agent> agent_;
};

TEST_F(HotAndCold, LearnAtTheSameTime) {
  uint64_t looks = 0;
  const Status began = run_concurrent(*agent_, {.updates = 200}, [&](bool at_rest) {
    EXPECT_FALSE(at_rest);
    const Moment now = moment(*agent_);  // what a reporter reads meanwhile
    looks += now.time > 0 ? 1 : 0;
  });
  EXPECT_TRUE(began);
  EXPECT_GE(agent_->cold.updates(), 200U);
  EXPECT_GT(looks, 0U);
  EXPECT_GT(agent_->hot.metrics.counters.weight_swaps.value(), 0U);
  const Weights& held = agent_->hot.publisher.current();
  EXPECT_EQ(held.checksum, checksum_of(held));
}

TEST_F(HotAndCold, StopWhenInterrupted) {
  std::atomic<bool> interrupted{false};
  const Status began = run_concurrent(*agent_, {.interrupted = &interrupted}, [&](bool) {
    if (agent_->cold.updates() >= 5) interrupted = true;
  });
  EXPECT_TRUE(began);
  EXPECT_GE(agent_->cold.updates(), 5U);
}

TEST_F(HotAndCold, SaveThePolicyWhileItActs) {
  Checkpoint checkpoint;
  const Status began = run_concurrent(*agent_, {.updates = 20}, [&](bool) {
    if (!checkpoint.sections.empty() || agent_->cold.updates() < 10) return;
    ASSERT_TRUE(agent_->save(checkpoint, false));
  });
  EXPECT_TRUE(began);
  EXPECT_NE(checkpoint.find("weights"), nullptr);
  EXPECT_NE(checkpoint.find("learner"), nullptr);
  EXPECT_EQ(checkpoint.find("environment"), nullptr);
}

// Updates that take their time.
class WorkingLearner final : public Learner {
 public:
  explicit WorkingLearner(const LearnerConfig& config) : inner_(config) {}
  UpdateReport update(std::span<const quanta::Sample> samples,
                      std::span<const BurstSample> bursts) override {
    constexpr Nanos kWork = 20 * kMillisecond;
    for (const Nanos end = thread_cpu() + kWork; thread_cpu() < end;) {
    }
    worked_ += kWork;
    return inner_.update(samples, bursts);
  }
  void snapshot(Weights& weights) const override { inner_.snapshot(weights); }
  std::string save() const override { return inner_.save(); }
  Status load(const std::string& state) override { return inner_.load(state); }
  Nanos worked() const { return worked_; }

 private:
  PerturbingLearner inner_;
  Nanos worked_ = 0;
};

TEST_F(HotAndCold, TrainWithinTheirShareOfACpu) {
  constexpr double kShare = 0.2;
  auto learner = std::make_unique<WorkingLearner>(config_.learner);
  const WorkingLearner& working = *learner;
  agent_->learn(std::move(learner));
  const Nanos start = monotonic_time();
  Nanos before_last = 0;  // CPU time of all updates but the one that ended the run
  const Status began = run_concurrent(*agent_, {.updates = 8, .learner_cpu = kShare}, [&](bool) {
    if (agent_->cold.updates() < 8) before_last = working.worked();
  });
  EXPECT_TRUE(began);
  EXPECT_GT(before_last, 0U);
  const auto elapsed = static_cast<double>(monotonic_time() - start);
  EXPECT_LE(static_cast<double>(before_last), kShare * elapsed);
  EXPECT_GT(agent_->metrics.learner.left_out.Value(), 0);
}

// Every snapshot that the hot thread adopts is one that was published, whole.
class CheckingPolicy final : public Policy {
 public:
  CheckingPolicy(Policy& inner, const Publisher& publisher)
      : inner_(inner), publisher_(publisher) {}
  Decision decide(const Event& event, Tracker& tracker) override {
    const Weights& weights = publisher_.current();
    const Decision decision = inner_.decide(event, tracker);
    torn_ += weights.checksum != checksum_of(weights) ? 1 : 0;
    versions_ += weights.version != last_ ? 1 : 0;
    last_ = weights.version;
    return decision;
  }
  uint64_t torn() const { return torn_; }
  uint64_t versions() const { return versions_; }

 private:
  Policy& inner_;
  const Publisher& publisher_;
  uint64_t torn_ = 0;
  uint64_t versions_ = 0;
  uint64_t last_ = 0;
};

TEST_F(HotAndCold, NeverDecideWithTornWeights) {
  HotSide& hot = agent_->hot;
  CheckingPolicy policy(hot.policy, hot.publisher);
  HotLoop loop(env_, hot.tracker, &policy, &hot.ledger);
  std::atomic<bool> stop{false};
  std::thread learner([&] {
    PerturbingLearner perturbing(config_.learner);
    Weights weights;
    while (!stop.load()) {
      perturbing.update({}, {});
      perturbing.snapshot(weights);
      (void)hot.publisher.publish(weights);
    }
  });
  while (policy.versions() < 500) {
    loop.step();
    hot.publisher.quiescent();
  }
  stop = true;
  learner.join();
  EXPECT_EQ(policy.torn(), 0U);
}

}  // namespace
}  // namespace quanta
