// The policy network: 16 features, two or three hidden ReLU layers, linear heads; float, batch 1.
//
// Shapes are fixed at start-up and carried with the weights. A forward pass reads the weights and
// an aligned stack buffer, nothing else: no allocation, no exception, safe from any number of
// threads. Layout: w[layer][in][out], outputs in lanes; what the shape does not use is zero, so
// that a pass may work on whole vectors. For weights that are well_formed() every output is finite,
// whatever the features: one that is NaN counts as its mean, an infinite one as four standard
// deviations.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace quanta {

inline constexpr int kInputs = 16;
inline constexpr int kMaxHidden = 32;
inline constexpr int kMinLayers = 3;  // weight matrices, the heads' included
inline constexpr int kMaxLayers = 4;
inline constexpr size_t kAllBiases = size_t{kMaxLayers} * kMaxHidden;
inline constexpr size_t kAllWeights = kAllBiases * kMaxHidden;

// Heads of the output layer.
enum Head : int { kHeadBurst, kHeadOrder, kHeadPreempt, kHeadSlice, kHeads };

struct Shape {
  int32_t layers = 4;  // weight matrices
  // Inputs of the first layer, then outputs of each; 0 past the last.
  std::array<int32_t, kMaxLayers + 1> width{kInputs, 32, 32, 32, kHeads};
  bool operator==(const Shape&) const = default;
};

// A trivially copyable snapshot: one block of memory, swapped as a whole.
struct alignas(64) Weights {
  Shape shape;
  uint64_t version = 0;                     // policy version, counts publications
  float exploration_sd = 0;                 // octaves, of the residual heads
  std::array<uint8_t, 28> reserved{};       // zero; leaves no byte before `checksum` undefined
  std::array<float, kInputs> mean{};        // running statistics of the features: the input is
  std::array<float, kInputs> inverse_sd{};  // clamp((x - mean) * inverse_sd, -4, 4)
  std::array<float, kAllWeights> w{};       // [layer][in][out]
  std::array<float, kAllBiases> b{};        // [layer][out]
  uint64_t checksum = 0;                    // checksum_of() all before it
};
static_assert(std::is_trivially_copyable_v<Weights> && std::is_standard_layout_v<Weights>);
// Every array begins a cache line, hence a vector, and there is no padding before the checksum.
static_assert(offsetof(Weights, mean) == 64 && offsetof(Weights, inverse_sd) == 128);
static_assert(offsetof(Weights, w) == 192 && offsetof(Weights, b) == 192 + 4 * kAllWeights);
static_assert(offsetof(Weights, checksum) == 192 + 4 * (kAllWeights + kAllBiases));

// Where a weight is in Weights::w, and a bias in Weights::b.
constexpr size_t weight_offset(size_t layer, size_t in = 0, size_t out = 0) {
  return (layer * kMaxHidden + in) * kMaxHidden + out;
}
constexpr size_t bias_offset(size_t layer, size_t out = 0) {
  return layer * kMaxHidden + out;
}

using Features = std::array<float, kInputs>;
using Outputs = std::array<float, kHeads>;

// Normalises x and evaluates the network with the widest instruction set of this CPU, which is
// chosen once, while the program starts.
void forward(const Weights& weights, const Features& x, Outputs& y);
// The reference twin: plain loops, same result within 1e-4 of the output's scale.
void forward_scalar(const Weights& weights, const Features& x, Outputs& y);
// The name of forward()'s instruction set: "avx512", "avx2" or "generic".
std::string_view instruction_set();

// FNV-1a, 64 bits, of every byte before `checksum`; any single changed byte changes it.
uint64_t checksum_of(const Weights& weights);

// Bounds of well_formed(); with them no sum in a pass comes near a float's range.
inline constexpr float kMaxWeight = 1e3F;         // |w|, |b|
inline constexpr float kMaxStatistic = 1e6F;      // |mean|, inverse_sd (which is not negative)
inline constexpr float kMaxExplorationSd = 8.0F;  // octaves; not negative
// True if the shape is one that forward() evaluates, every number is finite and within the bounds
// above, and what the shape does not use is zero. Does not look at the checksum.
bool well_formed(const Weights& weights);

}  // namespace quanta
