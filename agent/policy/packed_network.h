// The network in integers, as the kernel evaluates it (bpf/policy.bpf.h), made from the float one.
//
// Each neuron of a hidden layer gets the largest scale at which no sum can leave its lane, whatever
// the features; as a ReLU keeps scales, the next layer's weights take it back. Pure functions; any
// thread; cold.
#pragma once

#include <array>
#include <cstdint>

#include "agent/policy/network.h"
#include "bpf/intf.h"
#include "env/base/result.h"

namespace quanta {

// Plain integers before they are packed: [in][out].
struct IntegerNetwork {
  template <int kIn, int kOut>
  using Matrix = std::array<std::array<int64_t, kOut>, kIn>;
  static constexpr int kWidth = QUANTA_HIDDEN;

  uint64_t version = 0;
  // Input = clamp((x * scale + offset) >> 16, 0, 254) - 127, x: the feature, 256 = 1.
  std::array<int64_t, kInputs> scale{};
  std::array<int64_t, kInputs> offset{};
  Matrix<kInputs, kWidth> hidden1{};
  std::array<int64_t, kWidth> bias1{};
  Matrix<kWidth, kWidth> hidden2{};
  std::array<int64_t, kWidth> bias2{};
  Matrix<kWidth, kHeads> heads{};
  std::array<int64_t, kHeads> bias3{};
  uint32_t head_shift = 0;      // head = sum / 2^it, 4096 = one octave
  uint32_t exploration_sd = 0;  // 4096 = one octave
};

// Integers per standard deviation of an input.
inline constexpr double kInputUnit = QUANTA_ACTIVATION_MAX / 4.0;
// Greatest absolute values that the sums of a layer may reach; see intf.h for the lanes.
inline constexpr int64_t kHiddenLane = (1 << 15) - 1;
inline constexpr int64_t kHeadLane = (int64_t{1} << 31) - 1;

// Added to a hidden neuron's sum: the shift that follows rounds down.
inline constexpr int64_t kHalfActivation = 1 << (QUANTA_ACTIVATION_SHIFT - 1);
// Greatest scale of a hidden neuron.
inline constexpr double kMostScale = 1e9;
// How far a neuron of `inputs` may reach before its weights and bias are rounded, if its sum shall
// stay within `lane` after it: rounding adds half an integer to each.
constexpr int64_t reach_before_rounding(int64_t lane, int64_t inputs) {
  return lane - (inputs * QUANTA_ACTIVATION_MAX + 1) / 2 - 1;
}

// True if the kernel evaluates networks of this shape: two hidden layers of at most 16.
bool fits_the_kernel(const Shape& shape);

// An error: not well_formed(), or of a shape that does not fit.
Result<IntegerNetwork> quantise(const Weights& weights);

// An error: a sum could leave its lane, or a number its field.
Result<quanta_network> pack(const IntegerNetwork& network);

}  // namespace quanta
