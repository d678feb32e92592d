// The seed predictor with all that it needs to learn in a simulation. One thread.
#pragma once

#include <memory>

#include "agent/learn/seed_trainer.h"

namespace quanta {

class SeedAgent {
 public:
  // Fails where the learner's library is missing.
  static Result<std::unique_ptr<SeedAgent>> make(SeedUse use, uint32_t max_tasks, uint64_t seed);

  Policy& policy() { return policy_; }
  void learn() { trainer_.step(); }
  uint64_t updates() const { return trainer_.updates(); }

 private:
  SeedAgent(std::unique_ptr<SeedLearner> learner, const Weights& initial, SeedUse use,
            uint32_t max_tasks, uint64_t seed);

  Publisher publisher_;
  SeedQueue queue_{1 << 14};
  SeedPolicy policy_;
  std::unique_ptr<SeedLearner> learner_;
  SeedTrainer trainer_;
};

}  // namespace quanta
