#include "agent/learn/trainer.h"

#include <algorithm>
#include <cmath>

#include "agent/config/section.h"

namespace quanta {

namespace {
constexpr Nanos kWindow = 100 * kMillisecond;
constexpr size_t kLeastPart = 8;  // of a batch: fewer samples wait for the next update
}  // namespace

void read(Section& section, TrainerConfig& config) {
  section.integer("records_per_second", config.records_per_second, 100, 10'000'000);
}

Trainer::Trainer(const RewardConfig& reward, const TrainerConfig& config,
                 const LearnerConfig& learner_config, Learner& learner, RecordQueue& queue,
                 Publisher& publisher)
    : reward_(reward),
      config_(config),
      batch_(static_cast<size_t>(learner_config.batch)),
      most_bursts_(static_cast<size_t>(kBurstsPerSample) * batch_),
      learner_(learner),
      queue_(queue),
      publisher_(publisher),
      rng_(learner_config.seed, 0x747261696eULL) {
  samples_.reserve(batch_);
  bursts_.reserve(most_bursts_);
}

int Trainer::step() {
  return step(queue_, Use::kAll);
}

int Trainer::step(RecordQueue& records, Use use) {
  int updates = 0;
  records.consume_all([&](const Record& record) {
    if (use == Use::kBursts && record.kind != RecordKind::kBurst) return;
    updates += take(record) ? 1 : 0;
  });
  return updates;
}

bool Trainer::take(const Record& record) {
  collect(record);
  if (samples_.size() < batch_ && bursts_.size() < most_bursts_) return false;
  update();
  return true;
}

void Trainer::collect(const Record& r) {
  if (r.decided >= window_start_ + kWindow) {
    const double rate = static_cast<double>(window_records_) * kSecond /
                        static_cast<double>(r.decided - window_start_);
    keep_ = std::min(1.0, static_cast<double>(config_.records_per_second) / std::max(1.0, rate));
    window_start_ = r.decided;
    window_records_ = 0;
  }
  if (r.kind == RecordKind::kBurst) {
    const float truth = std::log2(static_cast<float>(r.burst));
    bursts_.push_back({.x = r.act.x, .target = truth - r.act.prior_rem, .censored = r.censored});
    return;
  }
  ++window_records_;
  ++decisions_;
  rates_.add(r, reward_);
  if (keep_ < 1 && rng_.uniform() >= keep_) return;
  if (r.act.sd == 0) return;
  const Terms terms = credit(r, reward_, rates_.late_share());
  for (size_t i = 0; i < kTerms; ++i) sums_[i] += reward_.weight[i] * terms[i];
  const double reward = total(terms, reward_) + rates_.price(r) * static_cast<double>(r.run);
  samples_.push_back({.x = r.act.x,
                      .mean = r.act.mean,
                      .taken = r.act.taken,
                      .sd = r.act.sd,
                      .reward = static_cast<float>(reward / kMillisecond)});
}

void Trainer::update() {
  if (samples_.size() >= batch_ / kLeastPart) {
    report_ = learner_.update(samples_, bursts_);
    for (size_t i = 0; i < kTerms; ++i) {
      mean_terms_[i] = sums_[i] / static_cast<double>(samples_.size());
    }
    learnt_from_ += samples_.size();
    sums_ = Terms{};
    samples_.clear();
  } else {
    const UpdateReport of_bursts = learner_.update({}, bursts_);
    report_.burst_loss = of_bursts.burst_loss;
    report_.updates = of_bursts.updates;
  }
  bursts_.clear();
  Weights weights;
  learner_.snapshot(weights);
  unfit_ = !well_formed(weights);
  if (unfit_ || !publisher_.publish(weights)) ++refused_;
}

void Trainer::forget() {
  samples_.clear();
  bursts_.clear();
  sums_ = Terms{};
  unfit_ = false;
}

}  // namespace quanta
