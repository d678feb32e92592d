#include "agent/learn/integer_forward.h"

#include "agent/policy/packed_network.h"

namespace quanta {
namespace {

using torch::Tensor;

Tensor round_through(const Tensor& v) {
  return v + (v.round() - v).detach();
}
Tensor floor_through(const Tensor& v) {
  return v + (v.floor() - v).detach();
}

}  // namespace

Tensor forward_in_integers(const std::vector<torch::nn::Linear>& linears, const Tensor& x) {
  constexpr auto kMost = static_cast<double>(QUANTA_ACTIVATION_MAX);
  constexpr auto kHalf = static_cast<double>(kHalfActivation);
  constexpr auto kDivisor = static_cast<double>(1 << QUANTA_ACTIVATION_SHIFT);
  Tensor h = round_through(x * kInputUnit);
  Tensor unit = torch::full({x.size(1)}, 1 / kInputUnit);  // what one of h's integers is worth
  for (size_t l = 0; l + 1 < linears.size(); ++l) {
    const Tensor w = linears[l]->weight * unit;  // [outputs][inputs]
    const Tensor& b = linears[l]->bias;
    const auto lane = static_cast<double>(
        reach_before_rounding(kHiddenLane - kHalfActivation, l == 0 ? kInputs : QUANTA_HIDDEN));
    const Tensor reach = (w.abs().sum(1) * kMost + b.abs()).detach();
    const Tensor scale = (lane / reach).clamp_max(kMostScale);  // one per neuron
    const Tensor sums =
        torch::linear(h, round_through(w * scale.unsqueeze(1)), round_through(b * scale));
    h = floor_through((sums + kHalf) / kDivisor).clamp(0, kMost);
    unit = kDivisor / scale;
  }
  return torch::linear(h * unit, linears.back()->weight, linears.back()->bias);
}

}  // namespace quanta
