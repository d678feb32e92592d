// An evaluation as JSON: a list with one object per run. Pure function.
//
//   {"config", "workload", "policy", "seed", "reward", "terms": {NAME: rate},
//    "metrics": {NAME: value}}
// Rewards are rates per CPU and time; metrics carry their unit as the last word of their name.
#pragma once

#include <string>

#include "agent/eval/evaluation.h"

namespace quanta {

std::string to_json(const Evaluation& evaluation);

}  // namespace quanta
