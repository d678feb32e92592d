// How a policy gets over changes of its load: figures from its reward curve, phase by phase, a
// phase being the time between two changes. Pure functions. Times in ns, rewards as rates.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "agent/eval/experiment.h"

namespace quanta {

// When groups of the load come or go after its start and before `end`; ascending, each time once.
std::vector<Nanos> changes_of(const Load& load, Nanos end);

// The points of a curve whose steps begin in [from, until).
std::span<const CurvePoint> phase_of(std::span<const CurvePoint> curve, Nanos from, Nanos until);

struct Recovery {
  double settled = 0;          // mean of the phase's last half
  std::optional<Nanos> after;  // from the phase's beginning until the mean of kSteadyPoints first
                               // is within noise: the range of such means in its last half
  double worst = 0;            // least point of the phase
};

// Of one phase, or of its gain over the prior (gain_curve() in learning_speed.h).
Recovery recovery(std::span<const CurvePoint> phase);

// Mean of the points whose steps begin in the first `length` of the phase.
double early_mean(std::span<const CurvePoint> phase, Nanos length);

}  // namespace quanta
