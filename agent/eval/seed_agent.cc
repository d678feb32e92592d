#include "agent/eval/seed_agent.h"

#include <utility>

namespace quanta {

Result<std::unique_ptr<SeedAgent>> SeedAgent::make(SeedUse use, uint32_t max_tasks, uint64_t seed) {
  Result<std::unique_ptr<SeedLearner>> learner = make_seed_learner(seed);
  if (!learner) return tl::unexpected(learner.error());
  Weights initial;
  (*learner)->snapshot(initial);
  return std::unique_ptr<SeedAgent>(
      new SeedAgent(std::move(*learner), initial, use, max_tasks, seed));
}

SeedAgent::SeedAgent(std::unique_ptr<SeedLearner> learner, const Weights& initial, SeedUse use,
                     uint32_t max_tasks, uint64_t seed)
    : publisher_(initial),
      policy_(publisher_, queue_, max_tasks, use),
      learner_(std::move(learner)),
      trainer_(*learner_, queue_, publisher_, seed) {}

}  // namespace quanta
