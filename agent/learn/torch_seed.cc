// The seed predictor on libtorch: three hidden layers of 32, one output, mean squared error, Adam.
#include <torch/torch.h>

#include "agent/learn/seed_trainer.h"

namespace quanta {
namespace {

namespace nn = torch::nn;
using torch::Tensor;

constexpr double kLearningRate = 1e-4;
constexpr int kHidden = 32;
constexpr int kLayers = 4;  // of weights

std::vector<nn::Linear> layers(uint64_t seed) {
  at::set_num_threads(1);
  torch::manual_seed(seed);
  std::vector<nn::Linear> linears;
  for (int l = 0; l < kLayers; ++l) {
    linears.emplace_back(l == 0 ? kInputs : kHidden, l == kLayers - 1 ? 1 : kHidden);
  }
  return linears;
}

std::vector<Tensor> parameters(const std::vector<nn::Linear>& linears) {
  std::vector<Tensor> all;
  for (const nn::Linear& linear : linears) {
    for (const Tensor& p : linear->parameters()) all.push_back(p);
  }
  return all;
}

class TorchSeedLearner final : public SeedLearner {
 public:
  explicit TorchSeedLearner(uint64_t seed)
      : linears_(layers(seed)),
        adam_(parameters(linears_), torch::optim::AdamOptions(kLearningRate)) {}

  void step(std::span<const SeedSample> samples) override {
    const auto n = static_cast<int64_t>(samples.size());
    Tensor x = torch::empty({n, kInputs});
    Tensor target = torch::empty({n, 1});
    float* row = x.data_ptr<float>();
    float* out = target.data_ptr<float>();
    for (const SeedSample& sample : samples) {
      row = std::copy(sample.x.begin(), sample.x.end(), row);
      *out++ = sample.target;
    }
    for (int l = 0; l < kLayers - 1; ++l) x = torch::relu(linears_[static_cast<size_t>(l)](x));
    adam_.zero_grad();
    torch::mse_loss(linears_.back()(x), target).backward();
    adam_.step();
  }

  void snapshot(Weights& weights) const override {
    weights = Weights{};
    weights.inverse_sd.fill(1);  // the features are scaled by definition
    for (int l = 0; l < kLayers; ++l) {
      const auto& linear = linears_[static_cast<size_t>(l)];
      const Tensor w = linear->weight.detach().contiguous();  // [out][in]
      const float* from = w.data_ptr<float>();
      for (int64_t o = 0; o < w.size(0); ++o) {
        for (int64_t i = 0; i < w.size(1); ++i) {
          weights.w[weight_offset(l, i, o)] = *from++;
        }
        weights.b[bias_offset(l, o)] = linear->bias.data_ptr<float>()[o];
      }
    }
  }

 private:
  std::vector<nn::Linear> linears_;
  torch::optim::Adam adam_;
};

}  // namespace
}  // namespace quanta

extern "C" __attribute__((visibility("default"))) quanta::SeedLearner* quanta_make_seed_learner(
    uint64_t seed) {
  return new quanta::TorchSeedLearner(seed);
}
