#include "agent/run/cold_side.h"

#include <spdlog/spdlog.h>

#include <string>
#include <utility>

namespace quanta {

namespace {
constexpr size_t kBursts = 1 << 14;  // no more than the hot side's queue holds
}

ColdSide::ColdSide(const Config& config, HotSide& hot, Metrics& metrics)
    : config_(config), hot_(hot), metrics_(metrics), bursts_(kBursts) {
  keep_from(hot);
}

void ColdSide::keep_from(HotSide& acting) {
  keeper_ = std::make_unique<Keeper>(learner_.get(), trainer_.get(), prior_weights(config_.learner),
                                     hot_.publisher, acting.gate.signals(),
                                     [](const std::string& line) { spdlog::warn("{}", line); });
}

void ColdSide::learn(std::unique_ptr<Learner> learner) {
  learner_ = std::move(learner);
  trainer_ = std::make_unique<Trainer>(config_.reward, config_.trainer, config_.learner, *learner_,
                                       hot_.queue, hot_.publisher);
  keep_from(hot_);
}

void ColdSide::learn_from(HotSide* acting, std::function<void(const Record&)> seen) {
  acting_ = acting;
  seen_ = std::move(seen);
  keep_from(acting != nullptr ? *acting : hot_);
}

int ColdSide::step_beside() {
  hot_.queue.consume_all([&](const Record& record) {
    told_(record);
    if (record.kind != RecordKind::kBurst) return;
    seen_(record);
    bursts_.push(record);
  });
  if (trainer_ == nullptr) {
    bursts_.consume_all([](const Record&) {});
    acting_->queue.consume_all([&](const Record& record) { log(record); });
    return 0;
  }
  int updates = trainer_->step(bursts_, Trainer::Use::kBursts);
  acting_->queue.consume_all([&](const Record& record) {
    log(record);
    updates += trainer_->take(record) ? 1 : 0;
  });
  return updates;
}

int ColdSide::step_along(Training training) {
  int updates = 0;
  hot_.queue.consume_all([&](const Record& record) {
    told_(record);
    log(record);
    if (trainer_ == nullptr) return;
    if (training == Training::kNone) {
      metrics_.learner.left_out.Increment();
    } else if (trainer_->take(record)) {
      ++updates;
      if (training == Training::kOneUpdate) training = Training::kNone;
    }
  });
  return updates;
}

int ColdSide::step(Training training) {
  if (keeper_->step()) {
    (acting_ != nullptr ? *acting_ : hot_).queue.consume_all([](const Record&) {});
    if (learner_ != nullptr) {
      Weights weights;
      learner_->snapshot(weights);
      updates_ = weights.version;
    }
  }
  const int updates = acting_ != nullptr ? step_beside() : step_along(training);
  if (updates > 0) show(updates);
  show_log();
  return updates;
}

void ColdSide::log_to(DecisionLog* log) {
  log_ = log;
  shown_logged_ = log != nullptr ? log->logged() : 0;
  shown_lost_ = log != nullptr ? log->lost() : 0;
}

void ColdSide::log(const Record& record) {
  if (log_ != nullptr) log_->take(record);
}

// A decision that was counted and then could not be written is counted as lost too.
void ColdSide::show_log() {
  if (log_ == nullptr) return;
  if (log_->logged() > shown_logged_) {
    metrics_.decision_log.logged.Increment(static_cast<double>(log_->logged() - shown_logged_));
    shown_logged_ = log_->logged();
  }
  if (log_->lost() > shown_lost_) {
    metrics_.decision_log.lost.Increment(static_cast<double>(log_->lost() - shown_lost_));
    shown_lost_ = log_->lost();
  }
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
  const auto samples = static_cast<double>(trainer_->learnt_from() - shown_samples_);
  shown_samples_ = trainer_->learnt_from();
  m.samples.Increment(samples);
  metrics_.uplift.Set(hot_.meter.uplift());
  metrics_.reward.mean.Set(last_.mean_reward);
  const Terms& terms = trainer_->mean_terms();
  for (size_t i = 0; i < kTerms; ++i) {
    metrics_.reward.add(std::string(kTermNames[i]), terms[i] * samples / kSecond);
  }
}

}  // namespace quanta
