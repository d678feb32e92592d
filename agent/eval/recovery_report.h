// Evaluations of loads that change in mid-run, as tables. Empty where no load does. Pure functions;
// `width` is that of the terminal.
#pragma once

#include <string>

#include "agent/eval/evaluation.h"

namespace quanta {

// Per phase of each such load and policy: what the reward settles at, how long after the change it
// is there, and what it is less the prior's ("index") of the same seed.
std::string recovery_table(const Evaluation& evaluation, size_t config, size_t width);

// What the guard did on such loads, and when.
std::string guard_table(const Evaluation& evaluation, size_t config, size_t width);

}  // namespace quanta
