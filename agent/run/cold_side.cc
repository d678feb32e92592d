#include "agent/run/cold_side.h"

#include <string>
#include <utility>

namespace quanta {

ColdSide::ColdSide(const Config& config, HotSide& hot, Metrics& metrics)
    : config_(config),
      hot_(hot),
      metrics_(metrics),
      batch_(static_cast<double>(config.learner.batch)) {}

void ColdSide::learn(std::unique_ptr<Learner> learner) {
  learner_ = std::move(learner);
  trainer_ = std::make_unique<Trainer>(config_.reward, config_.trainer, config_.learner, *learner_,
                                       hot_.queue, hot_.publisher);
}

int ColdSide::step() {
  if (trainer_ == nullptr) {
    hot_.queue.consume_all([](const Record&) {});
    return 0;
  }
  const int updates = trainer_->step();
  if (updates > 0) show(updates);
  return updates;
}

void ColdSide::show(int updates) {
  last_ = trainer_->last();
  updates_ = last_.updates;
  LearnerMetrics& m = metrics_.learner;
  m.policy_loss.Set(last_.policy_loss);
  m.value_loss.Set(last_.value_loss);
  m.burst_loss.Set(last_.burst_loss);
  m.policy_entropy.Set(last_.entropy);
  m.policy_kl.Set(last_.kl);
  m.explained_variance.Set(last_.explained_variance);
  m.gradient_norm.Set(last_.gradient_norm);
  m.updates.Increment(updates);
  m.samples.Increment(updates * batch_);
  metrics_.uplift.Set(hot_.meter.uplift());
  metrics_.reward.mean.Set(last_.mean_reward);
  const Terms& terms = trainer_->mean_terms();
  for (size_t i = 0; i < kTerms; ++i) {
    metrics_.reward.add(std::string(kTermNames[i]), terms[i] * batch_ * updates / kSecond);
  }
}

}  // namespace quanta
