// One decision of the policy network, 16-32-32-32-4 and batch 1: forward() in every build that this
// CPU runs, its scalar twin, and libtorch. libtorch gets its input normalised already, in a tensor.
#include <benchmark/benchmark.h>

#include <cmath>

#include "agent/policy/network.h"
#include "agent/policy/network_kernels.h"
#include "tests/policy/random_net.h"
#include "tests/policy/torch_net.h"

namespace quanta {
namespace {

struct Case {
  Rng rng{1};
  Weights weights = random_net(rng);
  Features x = random_features(rng, weights);
};

void decide(benchmark::State& state, void (*forward)(const Weights&, const Features&, Outputs&)) {
  const Case net;
  Outputs y;
  for (auto _ : state) {
    forward(net.weights, net.x, y);
    benchmark::DoNotOptimize(y);
    benchmark::ClobberMemory();
  }
}

void libtorch_eager(benchmark::State& state) {
  at::set_num_threads(1);
  torch::NoGradGuard no_grad;
  const Case net;
  torch::nn::Sequential reference = torch_net(net.weights);
  const torch::Tensor x = normalised(net.weights, net.x);
  Outputs y;
  forward(net.weights, net.x, y);
  if (std::abs(reference->forward(x)[0][0].item<float>() - y[0]) > 1e-3F) {
    return state.SkipWithError("libtorch and forward() disagree");
  }
  for (auto _ : state) benchmark::DoNotOptimize(reference->forward(x));
}

BENCHMARK_CAPTURE(decide, forward, forward);
BENCHMARK_CAPTURE(decide, scalar_twin, forward_scalar);
BENCHMARK(libtorch_eager);

const bool kRegistered = [] {
  for (const Kernel& kernel : kernels()) {
    if (!kernel.supported) continue;
    benchmark::RegisterBenchmark(("decide/" + std::string(kernel.name)).c_str(), decide,
                                 kernel.forward);
  }
  return true;
}();

}  // namespace
}  // namespace quanta
