// How fast and how safely a policy learns: figures from its learning curve, against the prior's
// curve of the same seed. Pure functions. Times in ns, rewards as rates.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "agent/eval/experiment.h"

namespace quanta {

inline constexpr size_t kSteadyPoints = 5;  // whose mean counts as more than a lucky moment

double mean_reward(std::span<const CurvePoint> points);  // 0 of none

struct LearningSpeed {
  double final_gain = 0;        // mean over the last quarter of the curve, prior's subtracted
  std::optional<Nanos> time90;  // first time from which the mean of kSteadyPoints is 90% of that
                                // gain; none if the quarter's 95% interval does not lie above zero
  double worst = 0;             // least gain of any point: the worst moment while learning
  Nanos worst_time = 0;
};

// Both curves have the same steps; points beyond the shorter one are left out.
std::vector<CurvePoint> gain_curve(std::span<const CurvePoint> learned,
                                   std::span<const CurvePoint> prior);

LearningSpeed learning_speed(std::span<const CurvePoint> gain);

}  // namespace quanta
