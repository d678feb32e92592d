// Random networks and features for tests and benchmarks, as a trained policy would have them: He
// initialisation, biases, and running statistics away from 0 and 1. Same generator, same network.
#pragma once

#include <cmath>
#include <initializer_list>
#include <limits>

#include "agent/policy/network.h"
#include "env/base/rng.h"

namespace quanta {

inline constexpr float kInfinity = std::numeric_limits<float>::infinity();
inline constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

inline Shape shape_of(std::initializer_list<int> hidden) {
  Shape shape{static_cast<int32_t>(hidden.size()) + 1, {kInputs}};
  int l = 1;
  for (const int width : hidden) shape.width[l++] = width;
  shape.width[l] = kHeads;
  return shape;
}

inline Weights random_net(Rng& rng, const Shape& shape = {}) {
  Weights weights;
  weights.shape = shape;
  weights.exploration_sd = 0.5F;
  for (int i = 0; i < kInputs; ++i) {
    weights.mean[i] = static_cast<float>(4 * rng.normal());
    weights.inverse_sd[i] = static_cast<float>(0.1 + rng.exponential());
  }
  for (int l = 0; l < shape.layers; ++l) {
    const double sd = std::sqrt(2.0 / shape.width[l]);
    for (int out = 0; out < shape.width[l + 1]; ++out) {
      weights.b[bias_offset(l, out)] = static_cast<float>(0.1 * rng.normal());
      for (int in = 0; in < shape.width[l]; ++in) {
        weights.w[weight_offset(l, in, out)] = static_cast<float>(sd * rng.normal());
      }
    }
  }
  weights.checksum = checksum_of(weights);
  return weights;
}

// Around the statistics that `weights` were normalised with, now and then beyond the clamp.
inline Features random_features(Rng& rng, const Weights& weights) {
  Features x;
  for (int i = 0; i < kInputs; ++i) {
    x[i] = weights.mean[i] + static_cast<float>(2 * rng.normal()) / weights.inverse_sd[i];
  }
  return x;
}

// Two or three hidden layers of 4 to 32.
inline Shape random_shape(Rng& rng) {
  const auto width = [&] { return 4 + static_cast<int>(rng.below(kMaxHidden - 3)); };
  return rng.below(2) == 0 ? shape_of({width(), width()}) : shape_of({width(), width(), width()});
}

}  // namespace quanta
