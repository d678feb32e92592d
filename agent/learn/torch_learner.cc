// The learner on libtorch: clipped policy gradient with a value baseline, supervised burst head,
// Adam.
#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <sstream>
#include <utility>

#include "agent/learn/integer_forward.h"
#include "agent/learn/learner.h"
#include "agent/learn/normaliser.h"
#include "env/base/archive.h"
#include "env/base/rng.h"

namespace quanta {
namespace {

namespace nn = torch::nn;
using torch::Tensor;

struct NetworkImpl : nn::Module {
  NetworkImpl(int64_t hidden, int64_t layers, int64_t outputs, bool as_the_kernel)
      : in_integers(as_the_kernel) {
    int64_t in = kInputs;
    for (int64_t i = 0; i < layers; ++i) {
      linears.push_back(register_module("hidden" + std::to_string(i), nn::Linear(in, hidden)));
      nn::init::orthogonal_(linears.back()->weight, std::sqrt(2.0));
      nn::init::zeros_(linears.back()->bias);
      in = hidden;
    }
    linears.push_back(register_module("heads", nn::Linear(in, outputs)));
    // Zero heads: the untrained network is the prior.
    nn::init::zeros_(linears.back()->weight);
    nn::init::zeros_(linears.back()->bias);
  }
  Tensor forward(Tensor x) {
    if (in_integers) return forward_in_integers(linears, x);
    for (size_t i = 0; i + 1 < linears.size(); ++i) x = torch::relu(linears[i](x));
    return linears.back()(x);
  }
  std::vector<nn::Linear> linears;
  bool in_integers;
};
TORCH_MODULE(Network);

// Of one update, as tensors.
struct Batch {
  int64_t samples = 0;
  int64_t bursts = 0;
  Tensor x, taken, old_mean, old_density, sd, explored, reward, advantage;  // by sample
  Tensor burst_x, target, censored;                                         // by burst
};

class TorchLearner final : public Learner {
 public:
  explicit TorchLearner(const LearnerConfig& config)
      : config_(config),
        policy_(make(config.seed, config.hidden, config.layers, kHeads, config.in_integers)),
        value_(make(config.seed + 1, config.hidden, config.layers - 1, 1, false)),
        adam_(parameters(), torch::optim::AdamOptions(config.learning_rate).eps(1e-5)),
        rng_(config.seed, 0x6c6561726eULL) {}

  UpdateReport update(std::span<const Sample> samples,
                      std::span<const BurstSample> bursts) override;
  void snapshot(Weights& weights) const override;
  void explore_anew() override { explored_from_ = updates_; }
  std::string save() const override;
  Status load(const std::string& state) override;

 private:
  static Network make(uint64_t seed, int64_t hidden, int64_t layers, int64_t outputs,
                      bool in_integers) {
    at::set_num_threads(1);
    torch::manual_seed(seed);
    return Network(hidden, layers, outputs, in_integers);
  }
  std::vector<Tensor> parameters() const {
    std::vector<Tensor> all = policy_->parameters();
    for (const Tensor& p : value_->parameters()) all.push_back(p);
    return all;
  }
  double exploration() const {
    const double t = std::min(1.0, static_cast<double>(updates_ - explored_from_) /
                                       static_cast<double>(config_.exploration_updates));
    return config_.exploration_start + t * (config_.exploration_end - config_.exploration_start);
  }
  template <class T>
  Tensor inputs(std::span<const T> samples) const;
  std::vector<int64_t> permutation(int64_t n);
  Batch batch_of(std::span<const Sample> samples, std::span<const BurstSample> bursts) const;
  double judge(Batch& batch);
  // Of those that are picked.
  Tensor value_loss(const Batch& batch, const Tensor& pick);
  std::pair<Tensor, Tensor> policy_loss(const Batch& batch, const Tensor& pick);
  Tensor burst_loss(const Batch& batch, const Tensor& pick);

  LearnerConfig config_;
  Network policy_;
  Network value_;
  torch::optim::Adam adam_;
  FeatureNormaliser normaliser_;
  ScalarNormaliser rewards_;
  Rng rng_;
  uint64_t updates_ = 0;
  uint64_t explored_from_ = 0;  // update at which exploration last began
};

template <class T>
Tensor TorchLearner::inputs(std::span<const T> samples) const {
  Tensor x = torch::empty({static_cast<int64_t>(samples.size()), kInputs});
  float* row = x.data_ptr<float>();
  std::array<float, kInputs> mean;
  std::array<float, kInputs> inverse_sd;
  normaliser_.snapshot(mean, inverse_sd);
  for (const T& s : samples) {  // as the network's own forward pass does it
    for (size_t i = 0; i < kInputs; ++i)
      *row++ = std::clamp((s.x[i] - mean[i]) * inverse_sd[i], -4.0F, 4.0F);
  }
  return x;
}

std::vector<int64_t> TorchLearner::permutation(int64_t n) {
  std::vector<int64_t> order(static_cast<size_t>(n));
  for (size_t i = 0; i < order.size(); ++i) order[i] = static_cast<int64_t>(i);
  for (size_t i = order.size(); i > 1; --i) {
    std::swap(order[i - 1], order[rng_.below(static_cast<uint32_t>(i))]);
  }
  return order;
}

// The part of the actions that is explored and learnt.
Tensor learnt(const Tensor& actions, const LearnerConfig& config) {
  return actions.slice(1, config.order ? kActOrder : kActOrder + 1, kActions);
}

// Log density of `taken`, up to the constant that cancels in the ratio.
Tensor log_density(const Tensor& mean, const Tensor& taken, const Tensor& sd) {
  return -0.5 * ((taken - mean) / sd).square().sum(1);
}

Batch TorchLearner::batch_of(std::span<const Sample> samples,
                             std::span<const BurstSample> bursts) const {
  Batch b;
  b.samples = static_cast<int64_t>(samples.size());
  b.bursts = static_cast<int64_t>(bursts.size());
  b.x = inputs(samples);
  b.taken = torch::empty({b.samples, kActions});
  b.old_mean = torch::empty({b.samples, kActions});
  b.sd = torch::empty({b.samples, 1});
  b.reward = torch::empty({b.samples, 1});
  for (int64_t i = 0; i < b.samples; ++i) {
    const Sample& s = samples[static_cast<size_t>(i)];
    for (int a = 0; a < kActions; ++a) {
      b.taken.data_ptr<float>()[i * kActions + a] = s.taken[static_cast<size_t>(a)];
      b.old_mean.data_ptr<float>()[i * kActions + a] = s.mean[static_cast<size_t>(a)];
    }
    b.sd.data_ptr<float>()[i] = s.sd;
    b.reward.data_ptr<float>()[i] = static_cast<float>(
        std::clamp(rewards_.apply(s.reward), -config_.reward_clip, config_.reward_clip));
  }
  b.explored = (b.sd.squeeze(1) > 0).to(torch::kFloat);
  b.sd = b.sd.clamp_min(1e-3);
  b.taken = learnt(b.taken, config_);
  b.old_mean = learnt(b.old_mean, config_);
  b.old_density = log_density(b.old_mean, b.taken, b.sd);
  b.burst_x = inputs(bursts);
  b.target = torch::empty({b.bursts});
  b.censored = torch::empty({b.bursts});
  for (int64_t i = 0; i < b.bursts; ++i) {
    const BurstSample& s = bursts[static_cast<size_t>(i)];
    b.target.data_ptr<float>()[i] = std::clamp(s.target, -8.0F, 8.0F);
    b.censored.data_ptr<float>()[i] = s.censored ? 1.0F : 0.0F;
  }
  return b;
}

// Returns the variance of the reward that the value explains.
double TorchLearner::judge(Batch& b) {
  torch::NoGradGuard no_grad;
  const Tensor error = b.reward - value_->forward(b.x);
  b.advantage = error.squeeze(1);
  b.advantage = (b.advantage - b.advantage.mean()) / (b.advantage.std() + 1e-6);
  b.advantage = b.advantage.clamp(-config_.advantage_clip, config_.advantage_clip);
  return 1 - error.var().item<double>() / std::max(1e-9, b.reward.var().item<double>());
}

Tensor TorchLearner::value_loss(const Batch& b, const Tensor& pick) {
  return (value_->forward(b.x.index_select(0, pick)) - b.reward.index_select(0, pick))
      .square()
      .mean();
}

// Schulman et al. 2017, with the pull of the mean to 0.
std::pair<Tensor, Tensor> TorchLearner::policy_loss(const Batch& b, const Tensor& pick) {
  const Tensor means = policy_->forward(b.x.index_select(0, pick)).slice(1, kHeadOrder, kHeads);
  const Tensor density = log_density(learnt(means, config_), b.taken.index_select(0, pick),
                                     b.sd.index_select(0, pick));
  const Tensor ratio = (density - b.old_density.index_select(0, pick)).clamp(-10, 10).exp();
  const Tensor gain = b.advantage.index_select(0, pick);
  const Tensor clipped = ratio.clamp(1 - config_.clip, 1 + config_.clip);
  const Tensor mask = b.explored.index_select(0, pick);
  const Tensor loss =
      -(torch::min(ratio * gain, clipped * gain) * mask).sum() / mask.sum().clamp_min(1);
  return {loss, config_.mean_penalty * means.square().sum(1).mean()};
}

// A lower bound that is already met teaches nothing.
Tensor TorchLearner::burst_loss(const Batch& b, const Tensor& pick) {
  const Tensor y = policy_->forward(b.burst_x.index_select(0, pick)).select(1, kHeadBurst);
  const Tensor error = b.target.index_select(0, pick) - y;
  const Tensor c = b.censored.index_select(0, pick);
  return ((1 - c) * error.square() + c * torch::relu(error).square()).mean();
}

// Its `part`th of `parts`.
Tensor part_of(const std::vector<int64_t>& order, int64_t part, int64_t parts) {
  const auto n = static_cast<int64_t>(order.size());
  const int64_t first = n * part / parts;
  const int64_t end = n * (part + 1) / parts;
  return torch::tensor(
      at::ArrayRef<int64_t>(order.data() + first, static_cast<size_t>(end - first)));
}

UpdateReport TorchLearner::update(std::span<const Sample> samples,
                                  std::span<const BurstSample> bursts) {
  for (const Sample& s : samples) {
    normaliser_.add(s.x);
    rewards_.add(s.reward);
  }
  for (const BurstSample& s : bursts) normaliser_.add(s.x);
  Batch b = batch_of(samples, bursts);
  UpdateReport report;
  if (b.samples > 0) report.explained_variance = judge(b);

  const bool warm = updates_ >= static_cast<uint64_t>(config_.warmup_updates);
  const std::vector<Tensor> all = parameters();
  const int64_t wanted = std::max({int64_t{1}, b.samples, b.bursts / kBurstsPerSample});
  const int64_t steps = (wanted + config_.minibatch - 1) / config_.minibatch;
  for (int64_t epoch = 0; epoch < config_.epochs; ++epoch) {
    const std::vector<int64_t> order = permutation(b.samples);
    const std::vector<int64_t> burst_order = permutation(b.bursts);
    for (int64_t step = 0; step < steps; ++step) {
      const Tensor pick = part_of(order, step, steps);
      const Tensor burst_pick = part_of(burst_order, step, steps);
      Tensor loss = torch::zeros({});
      if (pick.numel() > 0) {
        const Tensor value = value_loss(b, pick);
        loss = loss + 0.5 * value;
        report.value_loss += value.item<double>();
      }
      if (pick.numel() > 0 && warm) {
        const auto [policy, pull] = policy_loss(b, pick);
        loss = loss + policy + pull;
        report.policy_loss += policy.item<double>();
      }
      if (burst_pick.numel() > 0) {
        const Tensor burst = burst_loss(b, burst_pick);
        loss = loss + config_.burst_weight * burst;
        report.burst_loss += burst.item<double>();
      }
      if (!loss.requires_grad()) continue;
      adam_.zero_grad();
      loss.backward();
      report.gradient_norm += nn::utils::clip_grad_norm_(all, config_.gradient_norm);
      adam_.step();
    }
  }
  const auto taken_steps = static_cast<double>(steps * config_.epochs);
  report.policy_loss /= taken_steps;
  report.value_loss /= taken_steps;
  report.burst_loss /= taken_steps;
  report.gradient_norm /= taken_steps;
  if (b.samples > 0) {
    torch::NoGradGuard no_grad;
    const Tensor mean = learnt(policy_->forward(b.x).slice(1, kHeadOrder, kHeads), config_);
    const Tensor kl = (0.5 * ((mean - b.old_mean) / b.sd).square().sum(1) * b.explored).sum() /
                      b.explored.sum().clamp_min(1);
    report.kl = kl.item<double>();
    double sum = 0;
    for (const Sample& s : samples) sum += s.reward;
    report.mean_reward = sum / static_cast<double>(b.samples);
  }
  report.entropy = static_cast<double>(config_.order ? kActions : kActions - 1) *
                   (0.5 * std::log(2 * M_PI * M_E) + std::log(std::max(1e-6, exploration())));
  report.updates = ++updates_;
  return report;
}

void TorchLearner::snapshot(Weights& weights) const {
  weights = Weights{};
  torch::NoGradGuard no_grad;
  weights.shape = Shape{};
  weights.shape.width.fill(0);
  weights.shape.layers = static_cast<int32_t>(policy_->linears.size());
  weights.shape.width[0] = kInputs;
  for (size_t l = 0; l < policy_->linears.size(); ++l) {
    const Tensor w = policy_->linears[l]->weight.contiguous();  // [out][in]
    const Tensor b = policy_->linears[l]->bias.contiguous();
    const auto out = static_cast<int>(w.size(0));
    const auto in = static_cast<int>(w.size(1));
    weights.shape.width[l + 1] = out;
    for (int o = 0; o < out; ++o) {
      for (int i = 0; i < in; ++i) {
        weights.w[weight_offset(l, i, o)] = w.data_ptr<float>()[o * in + i];
      }
      weights.b[bias_offset(l, o)] = b.data_ptr<float>()[o];
    }
  }
  normaliser_.snapshot(weights.mean, weights.inverse_sd);
  weights.exploration_sd = static_cast<float>(exploration());
  weights.version = updates_;
  weights.checksum = checksum_of(weights);
}

// One parameter with its optimiser state; empty moments: not stepped yet.
struct ParameterState {
  std::vector<float> value;
  std::vector<float> mean;
  std::vector<float> square;
  int64_t steps = 0;
  template <class Archive>
  void state(Archive& a) {
    a(value, mean, square, steps);
  }
};

std::vector<float> numbers(const Tensor& tensor) {
  const Tensor flat = tensor.detach().contiguous();
  return {flat.data_ptr<float>(), flat.data_ptr<float>() + flat.numel()};
}

Tensor tensor_like(const Tensor& like, const std::vector<float>& numbers) {
  return torch::tensor(numbers).reshape(like.sizes());
}

// Where the optimiser keeps a parameter's state: by address, as text in libtorch 1.13.
template <class States>
typename States::key_type key_of(const States&, const Tensor& parameter) {
  if constexpr (std::is_same_v<typename States::key_type, std::string>) {
    std::ostringstream text;
    text << parameter.unsafeGetTensorImpl();
    return text.str();
  } else {
    return parameter.unsafeGetTensorImpl();
  }
}

std::string TorchLearner::save() const {
  std::vector<ParameterState> all;
  const auto& states = adam_.state();
  for (const Tensor& parameter : parameters()) {
    ParameterState& p = all.emplace_back();
    p.value = numbers(parameter);
    const auto found = states.find(key_of(states, parameter));
    if (found == states.end()) continue;
    const auto& adam = static_cast<const torch::optim::AdamParamState&>(*found->second);
    p.mean = numbers(adam.exp_avg());
    p.square = numbers(adam.exp_avg_sq());
    p.steps = adam.step();
  }
  FeatureNormaliser normaliser = normaliser_;
  ScalarNormaliser rewards = rewards_;
  Rng rng = rng_;
  uint64_t updates = updates_;
  uint64_t explored_from = explored_from_;
  StateSaver saver;
  saver(normaliser, rewards, rng, updates, explored_from, all);
  return saver.take();
}

Status TorchLearner::load(const std::string& state) {
  StateLoader loader(state);
  std::vector<ParameterState> all;
  FeatureNormaliser normaliser;
  ScalarNormaliser rewards;
  Rng rng;
  uint64_t updates = 0;
  uint64_t explored_from = 0;
  loader(normaliser, rewards, rng, updates, explored_from, all);
  if (!loader.ok() || explored_from > updates) return fail("the learner's state is incomplete");
  const std::vector<Tensor> own = parameters();
  bool fits = all.size() == own.size();
  for (size_t i = 0; fits && i < own.size(); ++i) {
    const auto n = static_cast<size_t>(own[i].numel());
    const size_t moments = all[i].steps > 0 ? n : 0;
    fits = all[i].value.size() == n && all[i].mean.size() == moments &&
           all[i].square.size() == moments;
  }
  if (!fits)
    return fail("the learner's state is of a network of another width or number of layers");

  torch::NoGradGuard no_grad;
  auto& states = adam_.state();
  states.clear();
  for (size_t i = 0; i < own.size(); ++i) {
    Tensor parameter = own[i];
    parameter.copy_(tensor_like(parameter, all[i].value));
    parameter.mutable_grad() = Tensor();
    if (all[i].steps == 0) continue;
    auto adam = std::make_unique<torch::optim::AdamParamState>();
    adam->step(all[i].steps);
    adam->exp_avg(tensor_like(parameter, all[i].mean));
    adam->exp_avg_sq(tensor_like(parameter, all[i].square));
    states[key_of(states, parameter)] = std::move(adam);
    // A parameter that has been stepped has a gradient, if only zero: it goes on being stepped.
    parameter.mutable_grad() = torch::zeros_like(parameter);
  }
  normaliser_ = normaliser;
  rewards_ = rewards;
  rng_ = rng;
  updates_ = updates;
  explored_from_ = explored_from;
  return {};
}

}  // namespace
}  // namespace quanta

extern "C" __attribute__((visibility("default"))) quanta::Learner* quanta_make_learner(
    const quanta::LearnerConfig& config) {
  return new quanta::TorchLearner(config);
}
