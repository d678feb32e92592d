// What each feature contributed to each head of the network: integrated gradients (Sundararajan et
// al. 2017) along the straight line from the average task (every normalised feature 0) to this one.
//
// For a ReLU network the path falls into pieces on which the heads are linear; they are found
// exactly, so that contributions add up to the head's difference to rounding. Pure; cold.
#pragma once

#include <array>

#include "agent/policy/network.h"

namespace quanta {

struct Attribution {
  std::array<double, kInputs> normalised{};  // the network's inputs
  std::array<double, kHeads> average{};      // the heads of the average task, octaves
  std::array<double, kHeads> head{};         // of this one, before they are bounded
  // [feature][head], octaves; summed over features: head - average.
  std::array<std::array<double, kHeads>, kInputs> share{};
};

// `weights`: well_formed().
Attribution attribute(const Weights& weights, const Features& x);

}  // namespace quanta
