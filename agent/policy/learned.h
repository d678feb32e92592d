// The learned policy: the network's residual on the prior, with bounded exploration.
#pragma once

#include "agent/features/features.h"
#include "agent/hot/record.h"
#include "agent/policy/policy.h"
#include "agent/policy/publisher.h"
#include "env/base/rng.h"

namespace quanta {

class Section;

struct ExplorationConfig {
  double share = 1.0;  // of the decisions
};

void read(Section& section, ExplorationConfig& config);

// Which heads act; the others stay at the prior. For ablations.
struct HeadMask {
  bool burst = true;
  bool residual = true;
};

class LearnedPolicy final : public Policy {
 public:
  // `publisher` outlives the policy. Exploration noise is drawn from `seed`'s own stream.
  LearnedPolicy(Publisher& publisher, const IndexConfig& index,
                const ExplorationConfig& exploration, uint64_t seed);

  // From the next decision on. All heads act and explore at first.
  void act_with(HeadMask heads, bool explore) {
    heads_ = heads;
    explore_ = explore;
  }

  Decision decide(const Event& event, Tracker& tracker) override;

  // Of the last decision.
  const Act& act() const { return act_; }
  TaskId victim() const { return victim_; }

  template <class Archive>
  void state(Archive& a) {
    a(heads_, explore_, rng_);
  }

 private:
  Publisher& publisher_;
  IndexConfig index_;
  ExplorationConfig exploration_;
  HeadMask heads_;
  bool explore_ = true;
  Rng rng_;
  Act act_{};
  TaskId victim_ = kNoTask;
};

}  // namespace quanta
