// The integer network by plain loops, and random ones that reach their bounds.
#pragma once

#include <algorithm>
#include <array>
#include <random>

#include "agent/policy/packed_network.h"

namespace quanta {

template <size_t kIn, size_t kOut>
std::array<int64_t, kOut> layer_sums(const std::array<std::array<int64_t, kOut>, kIn>& w,
                                     const std::array<int64_t, kOut>& bias,
                                     const std::array<int64_t, kIn>& in) {
  std::array<int64_t, kOut> out = bias;
  for (size_t i = 0; i < kIn; ++i) {
    for (size_t o = 0; o < kOut; ++o) out[o] += w[i][o] * in[i];
  }
  return out;
}

template <size_t kN>
std::array<int64_t, kN> activations(std::array<int64_t, kN> sums) {
  for (int64_t& v : sums) {
    v = std::min<int64_t>(std::max<int64_t>(v, 0) >> QUANTA_ACTIVATION_SHIFT,
                          QUANTA_ACTIVATION_MAX);
  }
  return sums;
}

inline std::array<__s32, kHeads> reference_heads(const IntegerNetwork& n,
                                                 const std::array<__s64, kInputs>& x) {
  std::array<int64_t, kInputs> in;
  for (size_t i = 0; i < kInputs; ++i) {
    in[i] = std::clamp<int64_t>((x[i] * n.scale[i] + n.offset[i]) >> 16, 0,
                                int64_t{2} * QUANTA_ACTIVATION_MAX) -
            QUANTA_ACTIVATION_MAX;
  }
  const auto first = activations(layer_sums(n.hidden1, n.bias1, in));
  const auto second = activations(layer_sums(n.hidden2, n.bias2, first));
  const auto sums = layer_sums(n.heads, n.bias3, second);
  std::array<__s32, kHeads> heads;
  for (size_t h = 0; h < kHeads; ++h) {
    const int64_t most = h == kHeadSlice ? 10240 : 13517;
    heads[h] = static_cast<__s32>(std::clamp(sums[h] >> n.head_shift, -most, most));
  }
  return heads;
}

// Weights of one layer whose sums may reach up to `lane`, in random proportions.
template <size_t kIn, size_t kOut>
void random_layer(std::mt19937_64& random, int64_t lane,
                  std::array<std::array<int64_t, kOut>, kIn>& w, std::array<int64_t, kOut>& b) {
  std::uniform_real_distribution<double> part(-1, 1);
  for (size_t o = 0; o < kOut; ++o) {
    std::array<double, kIn + 1> parts;
    double total = 0;
    for (double& p : parts) total += std::abs(p = part(random));
    const double reach = static_cast<double>(lane) * (0.1 + 0.9 * std::abs(part(random)));
    for (size_t i = 0; i < kIn; ++i) {
      w[i][o] = static_cast<int64_t>(parts[i] / total * reach / QUANTA_ACTIVATION_MAX);
    }
    b[o] = static_cast<int64_t>(parts[kIn] / total * reach);
  }
}

inline IntegerNetwork random_integer_network(std::mt19937_64& random) {
  IntegerNetwork n;
  for (size_t i = 0; i < kInputs; ++i) {
    n.scale[i] = static_cast<int64_t>(random() % 200'000);
    n.offset[i] = static_cast<int64_t>(random() % (1 << 28)) - (1 << 27);
  }
  random_layer(random, kHiddenLane, n.hidden1, n.bias1);
  random_layer(random, kHiddenLane, n.hidden2, n.bias2);
  random_layer(random, kHeadLane, n.heads, n.bias3);
  n.head_shift = static_cast<uint32_t>(random() % 18);
  return n;
}

inline std::array<__s64, kInputs> random_features(std::mt19937_64& random) {
  std::array<__s64, kInputs> x;
  for (__s64& v : x) v = static_cast<__s64>(random() % (1 << 15)) - (1 << 14);
  return x;
}

}  // namespace quanta
