#include "agent/run/hot_side.h"

namespace quanta {

namespace {
constexpr size_t kQueue = 1 << 14;  // records
}

Weights prior_weights(const LearnerConfig& config) {
  Weights weights;
  weights.shape.layers = static_cast<int32_t>(config.layers) + 1;
  weights.shape.width.fill(0);
  weights.shape.width[0] = kInputs;
  for (int l = 1; l <= config.layers; ++l) {
    weights.shape.width[static_cast<size_t>(l)] = static_cast<int32_t>(config.hidden);
  }
  weights.shape.width[static_cast<size_t>(weights.shape.layers)] = kHeads;
  weights.checksum = checksum_of(weights);
  return weights;
}

HotSide::HotSide(const Config& config, Env& environment)
    : env(environment),
      names(env.max_tasks()),
      tracker(env, config.reward.weighing),
      ledger(tracker, config.reward),
      queue(kQueue),
      journal(tracker, queue, env.max_tasks(), config.sim.machine.seed),
      publisher(prior_weights(config.learner)),
      policy(publisher, config.policy, config.exploration, config.sim.machine.seed),
      gate(config.guard, ledger, config.sim.machine.seed),
      meter(env, tracker, ledger, journal, publisher, gate, metrics),
      loop(env, tracker, policy, &ledger, journal, publisher, &gate, &meter) {
  loop.keep_names(names);
  // The queue's memory is not written to by its constructor: touch every page of it here.
  while (queue.push(Record{})) {
  }
  queue.reset();
}

void HotSide::recall_names() {
  for (TaskId id = 0; id < env.max_tasks(); ++id) {
    const TaskView& view = tracker.task(id);
    if (view.activity != Activity::kGone) names.set(id, env.task(id), view.reward_class);
  }
}

void HotSide::adopt(const Weights& weights) {
  publisher.quiescent();
  // A quiescent state has just been passed, so a snapshot is free.
  if (publisher.publish(weights)) publisher.quiescent();
}

}  // namespace quanta
