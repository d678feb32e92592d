#include "agent/learn/seed_trainer.h"

#include "agent/learn/library.h"

namespace quanta {

Result<std::unique_ptr<SeedLearner>> make_seed_learner(uint64_t seed) {
  using Make = SeedLearner* (*)(uint64_t);
  const Result<void*> make = learn_symbol("quanta_make_seed_learner");
  if (!make) return tl::unexpected(make.error());
  const std::lock_guard lock(making_a_network());
  return std::unique_ptr<SeedLearner>(reinterpret_cast<Make>(*make)(seed));
}

void SeedTrainer::step() {
  queue_.consume_all([&](const SeedSample& sample) {
    if (memory_.size() < kMemory) {
      memory_.push_back(sample);
    } else {
      memory_[next_] = sample;
      next_ = (next_ + 1) % kMemory;
    }
    if (++fresh_ < kBatch || sample.time < due_) return;
    due_ = sample.time + interval_;
    update();
  });
}

void SeedTrainer::update() {
  fresh_ = 0;
  ++updates_;
  std::vector<SeedSample> batch(kBatch);
  for (size_t i = 0; i < kSteps; ++i) {
    for (SeedSample& sample : batch) {
      sample = memory_[rng_.below(static_cast<uint32_t>(memory_.size()))];
    }
    learner_.step(batch);
  }
  Weights weights;
  learner_.snapshot(weights);
  weights.version = updates_;
  weights.checksum = checksum_of(weights);
  // While no snapshot is free, the next update publishes.
  if (well_formed(weights)) static_cast<void>(publisher_.publish(weights));
}

}  // namespace quanta
