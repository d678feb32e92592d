// What "the same result" means between two evaluations of one network: 1e-4 of the output's scale.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "agent/policy/network.h"

namespace quanta {

inline void expect_same(const Outputs& got, const Outputs& want) {
  float scale = 1;
  for (const float v : want) scale = std::max(scale, std::abs(v));
  for (int head = 0; head < kHeads; ++head) {
    EXPECT_NEAR(got[head], want[head], 1e-4F * scale) << "head " << head;
  }
}

}  // namespace quanta
