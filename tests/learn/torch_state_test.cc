// What the learner starts from, saves, goes on from, and refuses.
#include <gtest/gtest.h>

#include <string_view>

#include "tests/learn/contextual_bandit.h"

namespace quanta {
namespace {

Actions wanted_order(const Features& x) {
  return {0.1F * (x[0] - 10), 0.5F, 0};
}

std::vector<BurstSample> some_bursts(ContextualBandit& bandit) {
  std::vector<BurstSample> out;
  out.reserve(100);
  for (int i = 0; i < 100; ++i) {
    out.push_back({.x = bandit.context(), .target = 1, .censored = i % 3 == 0});
  }
  return out;
}

template <class T>
std::string_view bytes(const T& value) {
  return {reinterpret_cast<const char*>(&value), sizeof(T)};
}

bool same_bytes(const Weights& a, const Weights& b) {
  return bytes(a) == bytes(b);
}

TEST(Untrained, IsExactlyThePrior) {
  for (const auto& [hidden, layers] : {std::pair{16, 2}, std::pair{32, 3}, std::pair{7, 3}}) {
    LearnerConfig config;
    config.order = true;
    config.hidden = hidden;
    config.layers = layers;
    const std::unique_ptr<Learner> learner = learner_of(config);
    const Weights weights = snapshot_of(*learner);
    EXPECT_TRUE(well_formed(weights));
    EXPECT_EQ(weights.checksum, checksum_of(weights));
    EXPECT_EQ(weights.shape.layers, layers + 1);
    EXPECT_EQ(weights.shape.width[1], hidden);
    EXPECT_EQ(weights.exploration_sd, static_cast<float>(config.exploration_start));
    EXPECT_EQ(weights.version, 0U);
    ContextualBandit bandit(wanted_order, 1);
    for (int i = 0; i < 100; ++i) {
      Outputs y;
      forward(weights, bandit.context(), y);
      EXPECT_EQ(y, Outputs{});
    }
  }
}

TEST(Untrained, SameSeedSameNetwork) {
  LearnerConfig config;
  config.order = true;
  const Weights one = snapshot_of(*learner_of(config));
  EXPECT_TRUE(same_bytes(one, snapshot_of(*learner_of(config))));
  config.seed = 2;
  EXPECT_FALSE(same_bytes(one, snapshot_of(*learner_of(config))));
}

class LearnerState : public ::testing::Test {
 protected:
  void train(Learner& learner, int updates) {
    for (int i = 0; i < updates; ++i) {
      const std::vector<BurstSample> bursts = some_bursts(bandit);
      learner.update(bandit.play(learner, 512), bursts);
    }
  }
  ContextualBandit bandit{wanted_order, 1};
};

TEST_F(LearnerState, GoesOnBitByBit) {
  for (const int updates : {0, 1, 2, 5}) {  // before, in and after the warm-up
    const std::unique_ptr<Learner> one = learner_of(small_learner());
    train(*one, updates);
    const std::unique_ptr<Learner> other = learner_of(small_learner());
    train(*other, 1);  // has lived before
    ASSERT_TRUE(other->load(one->save()));
    EXPECT_TRUE(same_bytes(snapshot_of(*one), snapshot_of(*other)));
    EXPECT_EQ(one->save(), other->save());
    for (int i = 0; i < 3; ++i) {
      const std::vector<Sample> samples = bandit.play(*one, 512);
      const std::vector<BurstSample> bursts = some_bursts(bandit);
      const UpdateReport a = one->update(samples, bursts);
      const UpdateReport b = other->update(samples, bursts);
      EXPECT_TRUE(bytes(a) == bytes(b)) << "after " << updates << " + " << i;
      ASSERT_TRUE(same_bytes(snapshot_of(*one), snapshot_of(*other)))
          << "after " << updates << " + " << i;
    }
  }
}

TEST_F(LearnerState, RefusesWhatIsNotItsOwnAndStaysAsItWas) {
  const std::unique_ptr<Learner> learner = learner_of(small_learner());
  train(*learner, 3);
  const Weights before = snapshot_of(*learner);
  const std::string state = learner->save();
  LearnerConfig wide = small_learner();
  wide.hidden = 24;
  LearnerConfig deep = small_learner();
  deep.layers = 3;
  const struct {
    std::string state;
    const char* message;
  } cases[] = {
      {"", "the learner's state is incomplete"},
      {"nonsense", "the learner's state is incomplete"},
      {state.substr(0, state.size() - 1), "the learner's state is incomplete"},
      {state.substr(0, state.size() / 2), "the learner's state is incomplete"},
      {state.substr(0, 400), "the learner's state is incomplete"},
      {state + "x", "the learner's state is incomplete"},
      {std::string(state.size(), '\xff'), "the learner's state is incomplete"},
      {learner_of(wide)->save(),
       "the learner's state is of a network of another width or number of layers"},
      {learner_of(deep)->save(),
       "the learner's state is of a network of another width or number of layers"},
  };
  for (const auto& c : cases) {
    const Status status = learner->load(c.state);
    ASSERT_FALSE(status) << c.state.size();
    EXPECT_EQ(status.error().message, c.message);
    EXPECT_TRUE(same_bytes(snapshot_of(*learner), before));
    EXPECT_EQ(learner->save(), state);
  }
}

TEST_F(LearnerState, ExplorationFallsOverItsUpdates) {
  LearnerConfig config = small_learner();
  config.exploration_start = 0.8;
  config.exploration_end = 0.4;
  config.exploration_updates = 4;
  const std::unique_ptr<Learner> learner = learner_of(config);
  for (const float sd : {0.8F, 0.7F, 0.6F, 0.5F, 0.4F, 0.4F}) {
    EXPECT_FLOAT_EQ(snapshot_of(*learner).exploration_sd, sd);
    train(*learner, 1);
  }
  EXPECT_EQ(snapshot_of(*learner).version, 6U);
}

}  // namespace
}  // namespace quanta
