// The same network in libtorch: Linear and ReLU modules with the weights of a snapshot.
#pragma once

#include <torch/torch.h>

#include "agent/policy/network.h"

namespace quanta {

// Takes the features as the network's first layer sees them: normalised().
inline torch::nn::Sequential torch_net(const Weights& weights) {
  torch::NoGradGuard no_grad;
  torch::nn::Sequential net;
  const Shape& shape = weights.shape;
  for (int l = 0; l < shape.layers; ++l) {
    torch::nn::Linear linear(shape.width[l], shape.width[l + 1]);
    for (int out = 0; out < shape.width[l + 1]; ++out) {
      linear->bias[out] = weights.b[bias_offset(l, out)];
      for (int in = 0; in < shape.width[l]; ++in) {
        linear->weight[out][in] = weights.w[weight_offset(l, in, out)];
      }
    }
    net->push_back(linear);
    if (l + 1 < shape.layers) net->push_back(torch::nn::ReLU());
  }
  return net;
}

// A batch of one.
inline torch::Tensor normalised(const Weights& weights, const Features& features) {
  const auto row = [](const Features& values) {
    return torch::from_blob(const_cast<float*>(values.data()), {1, kInputs}).clone();
  };
  return ((row(features) - row(weights.mean)) * row(weights.inverse_sd)).clamp(-4, 4);
}

}  // namespace quanta
