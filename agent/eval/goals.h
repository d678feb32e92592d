// What a run achieved, as named numbers in base units (seconds, ratios, per second): for people and
// for files. Pure functions.
#pragma once

#include <string>
#include <vector>

#include "agent/eval/experiment.h"

namespace quanta {

// The unit is the last word of the name: game_build's "game/response_p99_seconds".
struct Goal {
  std::string name;
  double value;
};

// Per group "GROUP/done_per_second", "GROUP/response_p99_seconds", "GROUP/misses_per_second" (of
// deadlines) and "GROUP/wakeup_p99_seconds"; then those of the whole machine. What a run has no
// measurement of (the response of hogs) is left out.
std::vector<Goal> goals_of(const Experiment& run);

// "1.2ms", "57.3/s", "0.93": a goal's value as people read it.
std::string readable(const Goal& goal);

}  // namespace quanta
