#include "agent/policy/packed_network.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace quanta {
namespace {

constexpr double kHeadUnit = 4096;  // of one octave
constexpr int kMostHeadShift = 16;
constexpr int kHiddenLayers = 2;

double weight(const Weights& w, int layer, int in, int out) {
  return w.w[weight_offset(layer, in, out)];
}
double bias(const Weights& w, int layer, int out) {
  return w.b[bias_offset(layer, out)];
}

// One neuron's weights, given in units of its inputs' integers, scaled and rounded so that its sum
// stays within `lane`. Returns the scale, at most `most`.
template <size_t kIn>
double fit(const std::array<double, kIn>& in, double offset, int64_t lane, double most,
           std::array<int64_t, kIn>& out, int64_t& out_offset) {
  double reach = std::abs(offset);
  for (const double w : in) reach += std::abs(w) * QUANTA_ACTIVATION_MAX;
  if (reach == 0) {
    out.fill(0);
    out_offset = 0;
    return 1;
  }
  const double scale =
      std::min(most, static_cast<double>(reach_before_rounding(lane, kIn)) / reach);
  out_offset = std::llround(offset * scale);
  for (size_t i = 0; i < kIn; ++i) out[i] = std::llround(in[i] * scale);
  return scale;
}

// A hidden layer. `unit[i]`: what one of input i's integers is worth; becomes that of the outputs.
template <int kIn>
void fit_hidden(const Weights& w, int layer, std::array<double, kIn>& unit,
                IntegerNetwork::Matrix<kIn, QUANTA_HIDDEN>& out,
                std::array<int64_t, QUANTA_HIDDEN>& biases) {
  std::array<double, QUANTA_HIDDEN> next{};
  for (int o = 0; o < QUANTA_HIDDEN; ++o) {
    std::array<double, kIn> in{};
    std::array<int64_t, kIn> column{};
    for (int i = 0; i < kIn; ++i) {
      in[static_cast<size_t>(i)] = weight(w, layer, i, o) * unit[static_cast<size_t>(i)];
    }
    const double scale = fit(in, bias(w, layer, o), kHiddenLane - kHalfActivation, kMostScale,
                             column, biases[static_cast<size_t>(o)]);
    biases[static_cast<size_t>(o)] += kHalfActivation;
    for (size_t i = 0; i < kIn; ++i) out[i][static_cast<size_t>(o)] = column[i];
    next[static_cast<size_t>(o)] = std::exp2(QUANTA_ACTIVATION_SHIFT) / scale;
  }
  unit = next;
}

void fit_heads(const Weights& w, const std::array<double, QUANTA_HIDDEN>& unit,
               IntegerNetwork& out) {
  // One shift for all heads: the greatest at which the dearest head fits.
  for (int shift = kMostHeadShift; shift >= 0; --shift) {
    const double wanted = kHeadUnit * std::exp2(shift);
    bool fits = true;
    for (int o = 0; o < kHeads && fits; ++o) {
      std::array<double, QUANTA_HIDDEN> in{};
      std::array<int64_t, QUANTA_HIDDEN> column{};
      for (int i = 0; i < QUANTA_HIDDEN; ++i) {
        in[static_cast<size_t>(i)] = weight(w, kHiddenLayers, i, o) * unit[static_cast<size_t>(i)];
      }
      const double scale = fit(in, bias(w, kHiddenLayers, o), kHeadLane, wanted, column,
                               out.bias3[static_cast<size_t>(o)]);
      for (size_t i = 0; i < column.size(); ++i) out.heads[i][static_cast<size_t>(o)] = column[i];
      fits = scale == wanted || std::all_of(in.begin(), in.end(), [](double v) { return v == 0; });
    }
    out.head_shift = static_cast<uint32_t>(shift);
    if (fits) return;
  }
}

// Words of lanes of `bits` bits.
template <size_t kOut, size_t kWords>
void pack_row(const std::array<int64_t, kOut>& row, int bits, int64_t offset,
              __u64 (&words)[kWords]) {
  const size_t lanes = 64 / static_cast<size_t>(bits);
  static_assert(kWords > 0);
  for (size_t i = 0; i < kWords; ++i) words[i] = 0;
  for (size_t o = 0; o < kOut; ++o) {
    // Negative ones borrow from the lane above, which sums give back.
    words[o / lanes] += static_cast<uint64_t>(row[o] + offset)
                        << (static_cast<size_t>(bits) * (o % lanes));
  }
}

template <size_t kIn, size_t kOut>
bool stays_within(const std::array<std::array<int64_t, kOut>, kIn>& w,
                  const std::array<int64_t, kOut>& b, int64_t lane) {
  for (size_t o = 0; o < kOut; ++o) {
    int64_t reach = std::abs(b[o]);
    for (size_t i = 0; i < kIn; ++i) {
      if (std::abs(w[i][o]) > lane || reach > lane) return false;
      reach += std::abs(w[i][o]) * QUANTA_ACTIVATION_MAX;
    }
    if (reach > lane) return false;
  }
  return true;
}

}  // namespace

bool fits_the_kernel(const Shape& shape) {
  return shape.layers == kHiddenLayers + 1 && shape.width[0] == kInputs &&
         shape.width[1] <= QUANTA_HIDDEN && shape.width[2] <= QUANTA_HIDDEN &&
         shape.width[3] == kHeads;
}

Result<IntegerNetwork> quantise(const Weights& w) {
  if (!fits_the_kernel(w.shape)) {
    return fail("the kernel evaluates two hidden layers of at most 16 neurons");
  }
  if (!well_formed(w)) return fail("weights that are not finite, or out of range");
  IntegerNetwork n;
  n.version = w.version;
  n.exploration_sd = static_cast<uint32_t>(std::lround(w.exploration_sd * kHeadUnit));
  for (size_t i = 0; i < kInputs; ++i) {
    const double scale = static_cast<double>(w.inverse_sd[i]) * kInputUnit / 256 * 65536;
    n.scale[i] = std::llround(scale);
    n.offset[i] = std::llround((QUANTA_ACTIVATION_MAX + 0.5) * 65536 - w.mean[i] * 256.0 * scale);
  }
  std::array<double, kInputs> unit;
  unit.fill(1 / kInputUnit);
  fit_hidden<kInputs>(w, 0, unit, n.hidden1, n.bias1);
  fit_hidden<QUANTA_HIDDEN>(w, 1, unit, n.hidden2, n.bias2);
  fit_heads(w, unit, n);
  return n;
}

Result<quanta_network> pack(const IntegerNetwork& n) {
  if (!stays_within(n.hidden1, n.bias1, kHiddenLane) ||
      !stays_within(n.hidden2, n.bias2, kHiddenLane) ||
      !stays_within(n.heads, n.bias3, kHeadLane)) {
    return fail("weights whose sums could overflow in the kernel");
  }
  if (n.head_shift > 31) return fail("heads beyond the kernel's range");
  quanta_network out{};
  out.version = n.version;
  std::copy(n.scale.begin(), n.scale.end(), out.scale);
  std::copy(n.offset.begin(), n.offset.end(), out.offset);
  constexpr int64_t kNone = 0;
  constexpr int64_t kHalfHidden = 1 << 15;
  constexpr int64_t kHalfHead = int64_t{1} << 31;
  for (size_t i = 0; i < kInputs; ++i) pack_row(n.hidden1[i], 16, kNone, out.hidden1[i]);
  std::array<int64_t, QUANTA_HIDDEN> bias1 = n.bias1;
  for (size_t o = 0; o < bias1.size(); ++o) {
    for (size_t i = 0; i < kInputs; ++i) bias1[o] -= n.hidden1[i][o] * QUANTA_ACTIVATION_MAX;
  }
  pack_row(bias1, 16, kHalfHidden, out.bias1);
  for (size_t i = 0; i < QUANTA_HIDDEN; ++i) pack_row(n.hidden2[i], 16, kNone, out.hidden2[i]);
  pack_row(n.bias2, 16, kHalfHidden, out.bias2);
  for (size_t i = 0; i < QUANTA_HIDDEN; ++i) pack_row(n.heads[i], 32, kNone, out.heads[i]);
  pack_row(n.bias3, 32, kHalfHead, out.bias3);
  out.head_shift = n.head_shift;
  out.exploration_sd = n.exploration_sd;
  const auto zero = [](const auto& row) {
    return std::all_of(row.begin(), row.end(), [](int64_t v) { return v == 0; });
  };
  out.is_prior = std::all_of(n.heads.begin(), n.heads.end(), zero) && zero(n.bias3) ? 1 : 0;
  return out;
}

}  // namespace quanta
