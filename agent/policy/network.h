// The policy network: 16 features, two or three hidden ReLU layers, linear heads; float, batch 1.
//
// Shapes are fixed at start-up and carried with the weights. A forward pass reads the weights and an
// aligned stack buffer, nothing else: no allocation, no exception, safe from any number of threads.
// Layout (limits.md of the design): w[in][out], outputs in lanes, every width padded to kLanes with
// zeros, one broadcast of x[i] per column, four independent accumulators.
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace quanta {

inline constexpr int kInputs = 16;
inline constexpr int kMaxHidden = 32;
inline constexpr int kMaxLayers = 4;  // weight matrices, the heads' included
inline constexpr int kLanes = 16;     // padding of every layer's width, floats

// Heads of the output layer.
enum Head : int { kHeadBurst, kHeadOrder, kHeadPreempt, kHeadSlice, kHeads };

struct Shape {
  int32_t layers = 4;                                         // weight matrices
  std::array<int32_t, kMaxLayers + 1> width{kInputs, 32, 32, 32, kHeads};  // unpadded
  bool operator==(const Shape&) const = default;
};

// A trivially copyable snapshot: one block of memory, swapped as a whole.
struct alignas(64) Weights {
  Shape shape;
  uint64_t version = 0;                       // policy version, counts publications
  std::array<float, kInputs> mean{};          // running statistics of the features, which
  std::array<float, kInputs> inverse_sd{};    // normalise the input: clamp((x - mean) * inverse_sd, -4, 4)
  float exploration_sd = 0;                   // octaves, of the residual heads
  alignas(64) std::array<float, kMaxLayers * kMaxHidden * kMaxHidden> w{};  // [layer][in][out]
  alignas(64) std::array<float, kMaxLayers * kMaxHidden> b{};               // [layer][out]
  uint64_t checksum = 0;  // fnv1a64 of all that stands before it
};

// Offset of layer l's first weight (stride kMaxHidden per input row) and first bias.
constexpr int weight_offset(int layer) { return layer * kMaxHidden * kMaxHidden; }
constexpr int bias_offset(int layer) { return layer * kMaxHidden; }

using Features = std::array<float, kInputs>;
using Outputs = std::array<float, kHeads>;

// Normalises x and evaluates the network with the widest instruction set of this CPU (chosen once).
void forward(const Weights& weights, const Features& x, Outputs& y);
// The reference twin: plain loops, same result within 1e-4 of the output's scale.
void forward_scalar(const Weights& weights, const Features& x, Outputs& y);

uint64_t checksum_of(const Weights& weights);
// True if shape and ranges are sane and every number that the shape uses is finite.
bool well_formed(const Weights& weights);

}  // namespace quanta
