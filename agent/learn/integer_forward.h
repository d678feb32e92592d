// The forward pass as the kernel will round it (agent/policy/packed_network.h), so that what is
// learnt is what acts. Gradients pass through the rounding as if it were not there (the
// straight-through estimator: Bengio, Leonard, Courville 2013).
#pragma once

#include <torch/torch.h>

#include <vector>

namespace quanta {

// `x`: [batch][inputs], normalised and within -4..4. The last of `linears` are the heads, which
// keep 32 bits and are not rounded.
torch::Tensor forward_in_integers(const std::vector<torch::nn::Linear>& linears,
                                  const torch::Tensor& x);

}  // namespace quanta
