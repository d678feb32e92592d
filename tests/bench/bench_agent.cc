// The whole agent in the simulator, 64 tasks on 8 CPUs, per decision: events, tracker, policy
// (16-32-32-32-4, exploring), journal. Its peer decides with the same rules and a call of libtorch,
// and keeps no journal.
#include <benchmark/benchmark.h>

#include "agent/hot/hot_loop.h"
#include "tests/bench/busy_machine.h"
#include "tests/policy/random_net.h"
#include "tests/policy/torch_net.h"

namespace quanta {
namespace {

struct Case {
  SimEnv env{{.cpus = 8}, busy_load(64), SimScheduler::kExt, kForever};
  Weighing weighing;
  Tracker tracker{env, weighing};
  Rng rng{1};
  Weights weights = random_net(rng);
};

void measure(benchmark::State& state, const Env& env, HotLoop& loop, auto drain) {
  const auto step = [&] {
    loop.step();
    drain();
  };
  while (env.now() < kSecond) step();
  const uint64_t before = loop.decisions();
  for (auto _ : state) step();
  state.SetItemsProcessed(static_cast<int64_t>(loop.decisions() - before));
}

void agent(benchmark::State& state) {
  Case c;
  Publisher publisher(c.weights);
  LearnedPolicy policy(publisher, {}, {}, 1);
  RecordQueue queue(1024);
  Journal journal(c.tracker, queue, c.env.max_tasks(), 1);
  HotLoop loop(c.env, c.tracker, policy, nullptr, journal, publisher, nullptr);
  measure(state, c.env, loop, [&] { queue.consume_all([](const Record&) {}); });
  if (journal.dropped() > 0) state.SkipWithError("records were dropped");
}

class TorchPolicy final : public Policy {
 public:
  explicit TorchPolicy(const Weights& weights) : weights_(weights), net_(torch_net(weights)) {}

  Decision decide(const Event& event, Tracker& tracker) override {
    const torch::NoGradGuard no_grad;
    const Situation situation = assess(tracker, event.task);
    Features x;
    extract(tracker, situation, x);
    const torch::Tensor y = net_->forward(normalised(weights_, x));
    const float* head = y.data_ptr<float>();
    const Residual residual{.burst = head[kHeadBurst],
                            .order = head[kHeadOrder],
                            .preempt = head[kHeadPreempt],
                            .slice = head[kHeadSlice]};
    return quanta::decide(tracker, situation, residual, event.generation, {});
  }

 private:
  const Weights& weights_;
  torch::nn::Sequential net_;
};

void agent_libtorch(benchmark::State& state) {
  at::set_num_threads(1);
  Case c;
  TorchPolicy policy(c.weights);
  HotLoop loop(c.env, c.tracker, &policy, nullptr);
  measure(state, c.env, loop, [] {});
}

BENCHMARK(agent)->Name("agent/quanta");
BENCHMARK(agent_libtorch)->Name("agent/libtorch");

}  // namespace
}  // namespace quanta
