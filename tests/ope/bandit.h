// Logged decisions of which it is known what any policy would earn: independent of one another.
#pragma once

#include <vector>

#include "agent/decision_log/logged_decision.h"
#include "env/base/rng.h"

namespace quanta {

// Earns 5 us + 2 us * (order * x[0]) - 3 us * preempt^2 + noise; slices earn nothing, but each
// octave makes the run 1 ms longer, which is worth `price` per ns to everybody.
inline std::vector<LoggedDecision> bandit_log(size_t n, uint64_t seed, double price = 0) {
  Rng rng(seed);
  std::vector<LoggedDecision> all(n);
  Nanos time = 0;
  for (LoggedDecision& d : all) {
    d.time = time += kMillisecond;
    d.arm = "full";
    d.sd = 0.5F;
    for (float& x : d.x) x = static_cast<float>(rng.normal());
    d.mean = {0.1F, 0, 0};
    for (size_t a = 0; a < kActions; ++a) {
      d.taken[a] = d.mean[a] + d.sd * static_cast<float>(rng.normal());
    }
    d.log_propensity = log_density(d.taken, d.mean, d.sd);
    d.run = static_cast<Nanos>((10 + double{d.taken[kActSlice]}) * kMillisecond);
    const double worth = price * static_cast<double>(d.run);
    d.reward = 5e3 + 2e3 * d.taken[kActOrder] * d.x[0] -
               3e3 * d.taken[kActPreempt] * d.taken[kActPreempt] + 4e3 * rng.normal() + worth;
    d.earned = -worth;
  }
  return all;
}

}  // namespace quanta
