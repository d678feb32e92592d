// From records to samples, batches and publications.
#include "agent/learn/trainer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "agent/config/section.h"

namespace quanta {
namespace {

// Keeps what it is given; publishes weights of any version.
class Keeping final : public Learner {
 public:
  UpdateReport update(std::span<const Sample> s, std::span<const BurstSample> b) override {
    samples.assign(s.begin(), s.end());
    bursts.assign(b.begin(), b.end());
    UpdateReport report;
    report.updates = ++updates;
    return report;
  }
  void snapshot(Weights& weights) const override {
    weights = Weights{};
    weights.version = updates;
    weights.b[0] = bias;
    weights.checksum = checksum_of(weights);
  }
  std::string save() const override { return {}; }
  Status load(const std::string&) override { return {}; }

  std::vector<Sample> samples;
  std::vector<BurstSample> bursts;
  uint64_t updates = 0;
  float bias = 0;
};

class TrainerOnRecords : public ::testing::Test {
 protected:
  TrainerOnRecords()
      : queue(20'000),
        publisher(Weights{}),
        trainer(RewardConfig{}, TrainerConfig{}, batch_of(64), learner, queue, publisher) {}

  static LearnerConfig batch_of(int64_t n) {
    LearnerConfig config;
    config.batch = n;
    return config;
  }
  static Record decision(Nanos decided = 0) {
    Record r{};
    r.kind = RecordKind::kDecision;
    r.decided = decided;
    r.act.x[3] = 4;
    r.act.mean = {1, 2, 3};
    r.act.taken = {1.5F, 2.5F, 3.5F};
    r.act.sd = 0.25F;
    r.reward_class = -1;
    r.w = 2;
    r.importance = 1;
    r.wait = 3 * kMillisecond;
    r.run = r.work = kMillisecond;
    return r;
  }
  static Record burst(Nanos ns, float prior_rem, bool censored) {
    Record r{};
    r.kind = RecordKind::kBurst;
    r.burst = ns;
    r.act.x[5] = 6;
    r.act.prior_rem = prior_rem;
    r.censored = censored;
    return r;
  }
  void push(const Record& record, int times = 1) {
    for (int i = 0; i < times; ++i) ASSERT_TRUE(queue.push(record));
  }

  Keeping learner;
  RecordQueue queue;
  Publisher publisher;
  Trainer trainer;
};

TEST_F(TrainerOnRecords, UpdatesOncePerFullBatch) {
  push(decision(), 63);
  EXPECT_EQ(trainer.step(), 0);
  push(decision(), 1);
  EXPECT_EQ(trainer.step(), 1);
  push(decision(), 200);
  EXPECT_EQ(trainer.step(), 3);
  EXPECT_EQ(trainer.decisions(), 264U);
  EXPECT_EQ(trainer.last().updates, 4U);
}

TEST_F(TrainerOnRecords, OnlyExploredDecisionsTeachThePolicy) {
  Record plain = decision();
  plain.act.sd = 0;
  push(plain, 200);
  push(decision(), 63);
  EXPECT_EQ(trainer.step(), 0);
  push(decision(), 1);
  EXPECT_EQ(trainer.step(), 1);
  EXPECT_EQ(learner.samples.size(), 64U);
  for (const Sample& sample : learner.samples) EXPECT_EQ(sample.sd, 0.25F);
  EXPECT_EQ(trainer.decisions(), 264U);
  EXPECT_EQ(trainer.learnt_from(), 64U);
}

TEST_F(TrainerOnRecords, BurstsAreLearntFromWhereNothingIsExplored) {
  push(decision(), 7);  // too few to tell anything
  push(burst(4 << 20, 20, false), 255);
  EXPECT_EQ(trainer.step(), 0);
  push(burst(4 << 20, 20, false));
  EXPECT_EQ(trainer.step(), 1);
  EXPECT_EQ(learner.bursts.size(), 256U);
  EXPECT_TRUE(learner.samples.empty());
  EXPECT_EQ(trainer.learnt_from(), 0U);
  push(decision(), 1);  // eight
  push(burst(4 << 20, 20, false), 256);
  EXPECT_EQ(trainer.step(), 1);
  EXPECT_EQ(learner.samples.size(), 8U);
  EXPECT_EQ(trainer.learnt_from(), 8U);
}

TEST_F(TrainerOnRecords, ASampleHasTheDecisionAndItsRewardWithThePriceOfItsRun) {
  push(decision(), 64);
  trainer.step();
  const Sample& s = learner.samples.at(0);
  EXPECT_EQ(s.x[3], 4);
  EXPECT_EQ(s.mean, (std::array{1.0F, 2.0F, 3.0F}));
  EXPECT_EQ(s.taken, (std::array{1.5F, 2.5F, 3.5F}));
  EXPECT_EQ(s.sd, 0.25F);
  // All alike: to get the CPU time again would cost another switch and the same wait (6 ms), which
  // the run does not cost its task now: it is not over.
  for (const Sample& sample : learner.samples) EXPECT_NEAR(sample.reward, 6, 1e-5F);
  EXPECT_NEAR(trainer.mean_terms()[kTermWait], 0, 1);
  EXPECT_NEAR(trainer.mean_terms()[kTermThroughput], 0, 1);
  EXPECT_NEAR(trainer.mean_terms()[kTermSwitch], -5e3, 1);
}

TEST_F(TrainerOnRecords, ABurstIsToldInOctavesFromThePrior) {
  push(burst(4 << 20, 20, false));
  push(burst(1 << 20, 23, true));
  push(decision(), 64);
  trainer.step();
  ASSERT_EQ(learner.bursts.size(), 2U);
  EXPECT_FLOAT_EQ(learner.bursts[0].target, 2);
  EXPECT_FALSE(learner.bursts[0].censored);
  EXPECT_EQ(learner.bursts[0].x[5], 6);
  EXPECT_FLOAT_EQ(learner.bursts[1].target, -3);
  EXPECT_TRUE(learner.bursts[1].censored);
  push(decision(), 64);
  trainer.step();
  EXPECT_TRUE(learner.bursts.empty());  // each is learnt from once
}

TEST_F(TrainerOnRecords, PublishesWhatWasLearnt) {
  push(decision(), 64);
  trainer.step();
  publisher.quiescent();
  EXPECT_EQ(publisher.current().version, 1U);
  EXPECT_EQ(trainer.refused(), 0U);
}

TEST_F(TrainerOnRecords, RefusesWeightsThatAreNotFit) {
  learner.bias = std::nanf("");
  push(decision(), 64);
  trainer.step();
  publisher.quiescent();
  EXPECT_EQ(publisher.current().version, 0U);
  EXPECT_EQ(trainer.refused(), 1U);
}

TEST_F(TrainerOnRecords, ThinsOutWhatExceedsItsRate) {
  // 100000 a second, of which 20000 are to be learnt from.
  for (Nanos i = 0; i < 200'000; ++i) {
    push(decision(i * 10 * kMicrosecond));
    if (i % 1'000 == 0) trainer.step();
  }
  trainer.step();
  EXPECT_EQ(trainer.decisions(), 200'000U);
  // All of the first 100 ms, a fifth of the other 1.9 s.
  EXPECT_NEAR(64 * static_cast<double>(learner.updates), 10'000 + 38'000, 1'000);
}

TEST(TrainerConfig, IsReadAndChecked) {
  Diagnostics diagnostics;
  TrainerConfig config;
  Section section = Section::parse("records_per_second: 5\n", "t.yaml", diagnostics);
  read(section, config);
  section.finish();
  ASSERT_EQ(diagnostics.lines().size(), 1U);
  EXPECT_NE(diagnostics.lines()[0].find("between 100 and 10000000"), std::string::npos);
}

}  // namespace
}  // namespace quanta
