#include <gtest/gtest.h>

#include "agent/policy/network.h"
#include "tests/policy/network_tolerance.h"
#include "tests/policy/random_net.h"
#include "tests/policy/torch_net.h"

namespace quanta {
namespace {

TEST(NetworkTorchTest, ForwardAgreesWithLibtorchForRandomNetsAndShapes) {
  torch::NoGradGuard no_grad;
  Rng rng(5);
  for (int net = 0; net < 60; ++net) {
    const Weights weights = random_net(rng, random_shape(rng));
    torch::nn::Sequential reference = torch_net(weights);
    for (int sample = 0; sample < 4; ++sample) {
      const Features x = random_features(rng, weights);
      const torch::Tensor tensor = reference->forward(normalised(weights, x));
      Outputs want;
      std::copy_n(tensor.data_ptr<float>(), kHeads, want.begin());
      Outputs got;
      forward(weights, x, got);
      expect_same(got, want);
    }
    if (HasFailure()) FAIL() << "net " << net;
  }
}

}  // namespace
}  // namespace quanta
