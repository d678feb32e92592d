// One whole decision in the middle of a run: situation, features, network (16-32-32-32-4, batch 1)
// and rules. LearnedPolicy itself, and its steps with every build of forward() that this CPU runs.
#include <benchmark/benchmark.h>

#include <fmt/format.h>
#include <vector>

#include "agent/hot/hot_loop.h"
#include "agent/policy/network_kernels.h"
#include "tests/bench/busy_machine.h"
#include "tests/policy/random_net.h"

namespace quanta {
namespace {

// A machine after a second, and an event for every task that waits there: what is decided about.
struct Case {
  Case(int tasks, int cpus, bool explore)
      : env({.cpus = cpus}, busy_load(tasks), SimScheduler::kExt, kForever) {
    Conduct conduct;
    conduct.explore = explore;
    policy.act_with(conduct);
    HotLoop loop(env, tracker, &policy, nullptr);
    while (env.now() < kSecond) loop.step();
    for (TaskId id = 0; id < env.max_tasks(); ++id) {
      if (tracker.task(id).activity != Activity::kWaiting) continue;
      events.push_back(env.machine().event(EventKind::kEnqueue, id));
    }
  }

  SimEnv env;
  Weighing weighing;
  Tracker tracker{env, weighing};
  Rng rng{1};
  Publisher publisher{random_net(rng)};
  LearnedPolicy policy{publisher, {}, {}, 1};
  std::vector<Event> events;
};

void measure(benchmark::State& state, const Case& c, auto decide) {
  size_t next = 0;
  for (auto _ : state) {
    const Event& event = c.events[next];
    if (++next == c.events.size()) next = 0;
    auto decision = decide(event);
    benchmark::DoNotOptimize(decision);
  }
}

void policy(benchmark::State& state, int tasks, int cpus, bool explore) {
  Case c(tasks, cpus, explore);
  measure(state, c, [&](const Event& event) { return c.policy.decide(event, c.tracker); });
}

// Features and network, without situation and rules: what is learned.
void learned(benchmark::State& state, const Kernel& kernel) {
  Case c(64, 8, false);
  std::vector<Situation> situations(c.env.max_tasks());
  for (const Event& event : c.events) situations[event.task] = assess(c.tracker, event.task);
  measure(state, c, [&](const Event& event) {
    Features x;
    extract(c.tracker, situations[event.task], x);
    Outputs y;
    kernel.forward(c.publisher.current(), x, y);
    return y;
  });
}

void steps(benchmark::State& state, const Kernel& kernel) {
  Case c(64, 8, false);
  measure(state, c, [&](const Event& event) {
    const Situation situation = assess(c.tracker, event.task);
    Features x;
    extract(c.tracker, situation, x);
    Outputs y;
    kernel.forward(c.publisher.current(), x, y);
    const Residual residual{.burst = y[kHeadBurst],
                            .order = y[kHeadOrder],
                            .preempt = y[kHeadPreempt],
                            .slice = y[kHeadSlice]};
    return decide(c.tracker, situation, residual, event.generation, {});
  });
}

BENCHMARK_CAPTURE(policy, 64_on_8, 64, 8, false);
BENCHMARK_CAPTURE(policy, 64_on_8_exploring, 64, 8, true);
BENCHMARK_CAPTURE(policy, 16_on_4, 16, 4, false);
BENCHMARK_CAPTURE(policy, 16_on_4_exploring, 16, 4, true);

const bool kRegistered = [] {
  for (const Kernel& kernel : kernels()) {
    if (!kernel.supported) continue;
    benchmark::RegisterBenchmark(fmt::format("learned/{}", kernel.name).c_str(), learned, kernel);
    benchmark::RegisterBenchmark(fmt::format("steps/{}", kernel.name).c_str(), steps, kernel);
  }
  return true;
}();

}  // namespace
}  // namespace quanta
