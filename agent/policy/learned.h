// The learned policy: the network's residual on the prior, with bounded exploration.
#pragma once

#include <algorithm>

#include "agent/features/features.h"
#include "agent/hot/record.h"
#include "agent/policy/policy.h"
#include "agent/policy/publisher.h"
#include "env/base/rng.h"

namespace quanta {

class Section;

struct ExplorationConfig {
  double share = 1.0;  // of the decisions
  // Also the order? What one wins by going earlier others lose: the reward hardly depends on it,
  // and the credit for it misleads.
  bool order = false;
};

void read(Section& section, ExplorationConfig& config);

// The exploration noise: quantiles of the standard normal distribution at (i + 1/2) / 4096.
const std::array<float, 4096>& normal_quantiles();

// What acts: which heads of the network, a fixed bias, exploration. What does not act stays at the
// prior.
struct Conduct {
  bool burst = true;
  bool residual = true;
  bool explore = true;
  bool observe = true;  // what happens is reported, where the environment decides by itself
  Residual bias;        // octaves, on top
};

// As std::clamp(), which branches on what cannot be foretold.
inline float within(float octaves, float most) {
  return std::min(std::max(octaves, -most), most);
}

// What the residual heads of a network ask for, within bounds.
inline std::array<float, kActions> residual_means(const Outputs& y) {
  return {within(y[kHeadOrder], kMaxResidual), within(y[kHeadPreempt], kMaxResidual),
          within(y[kHeadSlice], kMaxSliceResidual)};
}

class LearnedPolicy final : public Policy {
 public:
  // `publisher` outlives the policy. Exploration noise is drawn from `seed`'s own stream.
  LearnedPolicy(Publisher& publisher, const IndexConfig& index,
                const ExplorationConfig& exploration, uint64_t seed);

  // From the next decision on. At first everything acts and explores.
  void act_with(const Conduct& conduct) { conduct_ = conduct; }
  const Conduct& conduct() const { return conduct_; }

  Decision decide(const Event& event, Tracker& tracker) override;

  // Of the last decision.
  const Act& act() const { return act_; }
  const Grounds& grounds() const { return grounds_; }
  TaskId victim() const { return victim_; }

  template <class Archive>
  void state(Archive& a) {
    a(conduct_, rng_);
  }

 private:
  Publisher& publisher_;
  IndexConfig index_;
  ExplorationConfig exploration_;
  Conduct conduct_;
  Rng rng_;
  Act act_{};
  Grounds grounds_{};
  TaskId victim_ = kNoTask;
};

}  // namespace quanta
