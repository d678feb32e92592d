// One update of the network, by how many decisions go into a step. An item is an explored decision.
#include <benchmark/benchmark.h>

#include "agent/learn/learner.h"
#include "env/base/rng.h"

namespace quanta {
namespace {

constexpr int64_t kSamples = 1024;

template <class T>
std::vector<T> random_inputs(int64_t n, Rng& rng) {
  std::vector<T> all(static_cast<size_t>(n));
  for (T& one : all) {
    for (float& x : one.x) x = static_cast<float>(rng.normal());
  }
  return all;
}

void update(benchmark::State& state, bool as_in_the_kernel) {
  LearnerConfig config;
  config.minibatch = state.range(0);
  config.in_integers = as_in_the_kernel;
  if (as_in_the_kernel) {
    config.hidden = 16;
    config.layers = 2;
  }
  Result<std::unique_ptr<Learner>> learner = make_learner(config);
  if (!learner) return state.SkipWithError(learner.error().message.c_str());
  Rng rng(1, 1);
  std::vector<Sample> samples = random_inputs<Sample>(kSamples, rng);
  for (Sample& s : samples) {
    s.sd = 0.5F;
    for (float& taken : s.taken) taken = s.sd * static_cast<float>(rng.normal());
    s.reward = s.taken[kActSlice];
  }
  std::vector<BurstSample> bursts = random_inputs<BurstSample>(kSamples * 2, rng);
  for (auto _ : state) (*learner)->update(samples, bursts);
  state.SetItemsProcessed(state.iterations() * kSamples);
}

BENCHMARK_CAPTURE(update, kernel, true)
    ->Name("learner/kernel")
    ->Arg(128)
    ->Arg(256)
    ->Arg(1024)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(update, user, false)
    ->Name("learner/user")
    ->Arg(128)
    ->Arg(256)
    ->Arg(1024)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace quanta
