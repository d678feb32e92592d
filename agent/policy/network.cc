#include "agent/policy/network.h"

#include <algorithm>
#include <cmath>

#include "agent/policy/network_kernels.h"

namespace quanta {
namespace {

const Kernel& widest() {
  const auto all = kernels();
  return *std::find_if(all.begin(), all.end(), [](const Kernel& k) { return k.supported; });
}

const Kernel kWidest = widest();

bool evaluable(const Shape& shape) {
  if (shape.layers < kMinLayers || shape.layers > kMaxLayers) return false;
  if (shape.width[0] != kInputs || shape.width[shape.layers] != kHeads) return false;
  const auto hidden = [&](int l) { return shape.width[l] >= 1 && shape.width[l] <= kMaxHidden; };
  for (int l = 1; l < shape.layers; ++l) {
    if (!hidden(l)) return false;
  }
  return std::all_of(shape.width.begin() + shape.layers + 1, shape.width.end(),
                     [](int32_t width) { return width == 0; });
}

// NaN is in no range.
bool within(float value, float low, float high) {
  return value >= low && value <= high;
}

bool good_weight(float value, bool used) {
  return used ? within(value, -kMaxWeight, kMaxWeight) : value == 0;
}

bool good_statistics(const Weights& weights) {
  for (int i = 0; i < kInputs; ++i) {
    if (!within(weights.mean[i], -kMaxStatistic, kMaxStatistic)) return false;
    if (!within(weights.inverse_sd[i], 0, kMaxStatistic)) return false;
  }
  return within(weights.exploration_sd, 0, kMaxExplorationSd);
}

bool good_layer(const Weights& weights, int l) {
  const bool exists = l < weights.shape.layers;
  const int rows = exists ? weights.shape.width[l] : 0;
  const int columns = exists ? weights.shape.width[l + 1] : 0;
  for (int out = 0; out < kMaxHidden; ++out) {
    if (!good_weight(weights.b[bias_offset(l, out)], out < columns)) return false;
    for (int in = 0; in < kMaxHidden; ++in) {
      const float w = weights.w[weight_offset(l, in, out)];
      if (!good_weight(w, in < rows && out < columns)) return false;
    }
  }
  return true;
}

}  // namespace

std::span<const Kernel> kernels() {
#if defined(__x86_64__)
  static const std::array<Kernel, 3> all{{
      {"avx512", forward_avx512, __builtin_cpu_supports("avx512f") != 0},
      {"avx2", forward_avx2, __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")},
      {"generic", forward_generic, true},
  }};
#else
  static const std::array<Kernel, 1> all{{{"generic", forward_generic, true}}};
#endif
  return all;
}

void forward(const Weights& weights, const Features& x, Outputs& y) {
  kWidest.forward(weights, x, y);
}

std::string_view instruction_set() {
  return kWidest.name;
}

void forward_scalar(const Weights& weights, const Features& x, Outputs& y) {
  std::array<float, kMaxHidden> from{};
  for (int i = 0; i < kInputs; ++i) {
    const float z = (x[i] - weights.mean[i]) * weights.inverse_sd[i];
    from[i] = std::isnan(z) ? 0.0F : std::clamp(z, -4.0F, 4.0F);
  }
  const Shape& shape = weights.shape;
  for (int l = 0; l < shape.layers; ++l) {
    std::array<float, kMaxHidden> to{};
    for (int out = 0; out < shape.width[l + 1]; ++out) {
      float sum = weights.b[bias_offset(l, out)];
      for (int in = 0; in < shape.width[l]; ++in) {
        sum += from[in] * weights.w[weight_offset(l, in, out)];
      }
      const bool head = l == shape.layers - 1;
      to[out] = head || sum > 0 ? sum : 0.0F;
    }
    from = to;
  }
  std::copy_n(from.begin(), kHeads, y.begin());
}

uint64_t checksum_of(const Weights& weights) {
  const auto* bytes = reinterpret_cast<const uint8_t*>(&weights);
  uint64_t hash = 0xcbf29ce484222325ULL;
  for (size_t i = 0; i < offsetof(Weights, checksum); ++i) {
    hash = (hash ^ bytes[i]) * 0x100000001b3ULL;
  }
  return hash;
}

bool well_formed(const Weights& weights) {
  if (!evaluable(weights.shape) || !good_statistics(weights)) return false;
  for (int l = 0; l < kMaxLayers; ++l) {
    if (!good_layer(weights, l)) return false;
  }
  return std::all_of(weights.reserved.begin(), weights.reserved.end(),
                     [](uint8_t byte) { return byte == 0; });
}

}  // namespace quanta
