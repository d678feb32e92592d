#include "agent/learn/learner.h"

#include "agent/config/section.h"
#include "agent/learn/library.h"

namespace quanta {

void read(Section& section, LearnerConfig& config) {
  section.integer("batch", config.batch, 64, 1 << 16);
  section.integer("minibatch", config.minibatch, 16, 1 << 16);
  section.integer("epochs", config.epochs, 1, 32);
  section.integer("warmup_updates", config.warmup_updates, 0, 1000);
  section.number("cpu", config.cpu, 0.01, 1);
  section.number("learning_rate", config.learning_rate, 1e-6, 0.1);
  section.number("clip", config.clip, 0.01, 1);
  section.number("gradient_norm", config.gradient_norm, 0.01, 100);
  section.number("mean_penalty", config.mean_penalty, 0, 10);
  section.number("reward_clip", config.reward_clip, 1, 100);
  section.number("advantage_clip", config.advantage_clip, 1, 100);
  section.number("exploration_start", config.exploration_start, 0, 2);
  section.number("exploration_end", config.exploration_end, 0, 2);
  section.integer("exploration_updates", config.exploration_updates, 1, 1'000'000);
  section.number("burst_weight", config.burst_weight, 0, 100);
  section.integer("hidden", config.hidden, 4, kMaxHidden);
  section.integer("layers", config.layers, kMinLayers - 1, kMaxLayers - 1);
  config.own_shape = section.has("hidden") || section.has("layers");
  if (config.minibatch > config.batch) section.complain("minibatch", "at most 'batch'");
}

Result<std::unique_ptr<Learner>> make_learner(const LearnerConfig& config) {
  using Make = Learner* (*)(const LearnerConfig&);
  const Result<void*> make = learn_symbol("quanta_make_learner");
  if (!make) return tl::unexpected(make.error());
  const std::lock_guard lock(making_a_network());
  return std::unique_ptr<Learner>(reinterpret_cast<Make>(*make)(config));
}

}  // namespace quanta
