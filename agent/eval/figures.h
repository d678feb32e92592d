// An evaluation as charts and as figures of how fast each policy learns. Pure functions.
#pragma once

#include <string>

#include "agent/eval/evaluation.h"
#include "agent/eval/plot.h"

namespace quanta {

// One panel per workload, with the reward of every policy.
BarPlot reward_bars(const Evaluation& evaluation, size_t config, const std::string& baseline);

// One panel per workload, with the reward of the prior and of every policy that learnt, over the
// time of learning; for a load that changes, another one with what they are less the prior.
CurvePlot learning_curves(const Evaluation& evaluation, size_t config);

// Per workload and learning policy: gain over the prior at the end, time to 90% of it, the worst
// moment on the way. Loads that change (recovery_report.h) are left out. Empty without the prior
// ("index") or a policy that learnt.
std::string learning_table(const Evaluation& evaluation, size_t config, size_t width);

}  // namespace quanta
