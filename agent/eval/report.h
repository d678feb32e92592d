// An evaluation as text tables, one set per config. Pure functions; `width` is that of the
// terminal.
#pragma once

#include <string>

#include "agent/eval/evaluation.h"

namespace quanta {

// Rows are workloads, columns policies, cells the mean reward with its 95% half-width over seeds.
std::string reward_table(const Evaluation& evaluation, size_t config, size_t width);

// The same cells less the baseline's, paired by seed, with a mark: + better, - worse, = noise.
std::string difference_table(const Evaluation& evaluation, size_t config,
                             const std::string& baseline, size_t width);

// Per policy, on how many workloads it is better, the same and worse than each reference policy.
std::string summary_table(const Evaluation& evaluation, size_t config, size_t width);

// Per workload, what its groups got under each policy: means over seeds.
std::string goal_tables(const Evaluation& evaluation, size_t config, size_t width);

}  // namespace quanta
