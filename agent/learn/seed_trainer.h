// Trains the seed predictor online (mean squared error, Adam), from what its policy observes.
//
// One thread, the cold one. The network itself is in the learner's library.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "agent/policy/seed.h"
#include "env/base/result.h"
#include "env/base/rng.h"

namespace quanta {

class SeedLearner {
 public:
  virtual ~SeedLearner() = default;
  // One step of the optimiser.
  virtual void step(std::span<const SeedSample> samples) = 0;
  virtual void snapshot(Weights& weights) const = 0;
};

// An error is that of a learner's library that cannot be loaded.
Result<std::unique_ptr<SeedLearner>> make_seed_learner(uint64_t seed);

class SeedTrainer {
 public:
  // All outlive the trainer.
  SeedTrainer(SeedLearner& learner, SeedQueue& queue, Publisher& publisher, uint64_t seed,
              Nanos interval = 20 * kMillisecond)
      : learner_(learner),
        queue_(queue),
        publisher_(publisher),
        interval_(interval),
        rng_(seed, 0x73656564ULL) {}

  // Takes in what is queued; for every kBatch of it, but not more often than every `interval` of
  // the environment's time, trains on kSteps batches drawn from the last kMemory observations, and
  // publishes.
  void step();
  uint64_t updates() const { return updates_; }

 private:
  static constexpr size_t kBatch = 64;
  static constexpr size_t kSteps = 8;
  static constexpr size_t kMemory = 8192;

  void update();

  SeedLearner& learner_;
  SeedQueue& queue_;
  Publisher& publisher_;
  Nanos interval_;
  Rng rng_;
  std::vector<SeedSample> memory_;  // ring of the latest
  size_t next_ = 0;
  size_t fresh_ = 0;
  Nanos due_ = 0;  // no update before
  uint64_t updates_ = 0;
};

}  // namespace quanta
