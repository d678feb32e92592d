#include "agent/explain/attribution.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace quanta {
namespace {

using Inputs = std::array<double, kInputs>;
using Layer = std::array<double, kMaxHidden>;

Inputs normalise(const Weights& weights, const Features& x) {
  Inputs z{};
  for (size_t i = 0; i < z.size(); ++i) {
    const double v = (static_cast<double>(x[i]) - weights.mean[i]) * weights.inverse_sd[i];
    z[i] = std::isnan(v) ? 0 : std::clamp(v, -4.0, 4.0);
  }
  return z;
}

double weight(const Weights& w, int layer, size_t in, size_t out) {
  return w.w[weight_offset(layer, in, out)];
}

// Sums of every layer at `share` of the way to z.
std::array<Layer, kMaxLayers> pass(const Weights& weights, const Inputs& z, double share) {
  std::array<Layer, kMaxLayers> sums{};
  Layer from{};
  for (size_t i = 0; i < z.size(); ++i) from[i] = share * z[i];
  for (int l = 0; l < weights.shape.layers; ++l) {
    Layer& to = sums[static_cast<size_t>(l)];
    const auto ins = static_cast<size_t>(weights.shape.width[static_cast<size_t>(l)]);
    const auto outs = static_cast<size_t>(weights.shape.width[static_cast<size_t>(l) + 1]);
    for (size_t out = 0; out < outs; ++out) {
      to[out] = weights.b[bias_offset(l, out)];
      for (size_t in = 0; in < ins; ++in) to[out] += from[in] * weight(weights, l, in, out);
    }
    for (size_t out = 0; out < outs; ++out) from[out] = std::max(0.0, to[out]);
  }
  return sums;
}

// Where on the way a neuron switches on or off, ends included: between two of these all layers up
// to the heads are linear, because those before a layer already are when its own are looked for.
std::vector<double> kinks(const Weights& weights, const Inputs& z) {
  std::vector<double> at = {0, 1};
  for (int l = 0; l + 1 < weights.shape.layers; ++l) {
    std::vector<double> next = at;
    for (size_t i = 0; i + 1 < at.size(); ++i) {
      const Layer a = pass(weights, z, at[i])[static_cast<size_t>(l)];
      const Layer b = pass(weights, z, at[i + 1])[static_cast<size_t>(l)];
      for (size_t n = 0; n < a.size(); ++n) {
        if ((a[n] < 0) == (b[n] < 0) || a[n] == b[n]) continue;
        next.push_back(at[i] + (at[i + 1] - at[i]) * a[n] / (a[n] - b[n]));
      }
    }
    std::sort(next.begin(), next.end());
    next.erase(std::unique(next.begin(), next.end()), next.end());
    at = std::move(next);
  }
  return at;
}

// Of one head by the inputs, where the neurons are as `sums` say.
Inputs gradient(const Weights& weights, const std::array<Layer, kMaxLayers>& sums, size_t head) {
  Layer back{};
  back[head] = 1;
  for (int l = weights.shape.layers - 1; l >= 0; --l) {
    const auto ins = static_cast<size_t>(weights.shape.width[static_cast<size_t>(l)]);
    const auto outs = static_cast<size_t>(weights.shape.width[static_cast<size_t>(l) + 1]);
    Layer before{};
    for (size_t in = 0; in < ins; ++in) {
      if (l > 0 && sums[static_cast<size_t>(l) - 1][in] <= 0) continue;
      for (size_t out = 0; out < outs; ++out) {
        before[in] += weight(weights, l, in, out) * back[out];
      }
    }
    back = before;
  }
  Inputs by{};
  std::copy_n(back.begin(), by.size(), by.begin());
  return by;
}

}  // namespace

Attribution attribute(const Weights& weights, const Features& x) {
  Attribution a;
  a.normalised = normalise(weights, x);
  const auto last = static_cast<size_t>(weights.shape.layers) - 1;
  std::copy_n(pass(weights, a.normalised, 0)[last].begin(), kHeads, a.average.begin());
  std::copy_n(pass(weights, a.normalised, 1)[last].begin(), kHeads, a.head.begin());
  const std::vector<double> at = kinks(weights, a.normalised);
  for (size_t i = 0; i + 1 < at.size(); ++i) {
    const double length = at[i + 1] - at[i];
    const auto sums = pass(weights, a.normalised, (at[i] + at[i + 1]) / 2);
    for (size_t h = 0; h < kHeads; ++h) {
      const Inputs by = gradient(weights, sums, h);
      for (size_t f = 0; f < kInputs; ++f) a.share[f][h] += length * by[f] * a.normalised[f];
    }
  }
  return a;
}

}  // namespace quanta
