// The simulator without a policy, first come, first served: 64 tasks on 8 CPUs, per agenda entry.
//
// Built twice into one program: with the simulator's agenda, and with std::priority_queue in its
// place (binary_heap/), so that the two are measured in turns.
#include <benchmark/benchmark.h>

#include <span>
#include <vector>

#include "tests/bench/busy_machine.h"

namespace quanta {
namespace {

Decision first_come(const Event& e) {
  return {.task = e.task,
          .generation = e.generation,
          .key = e.time,
          .guard = ~Nanos{0},
          .slice = 2 * kMillisecond,
          .preempt_cpu = static_cast<int16_t>(kNoCpu),
          .pad = 0};
}

void simulate(benchmark::State& state) {
  SimEnv env({.cpus = 8}, busy_load(64), SimScheduler::kExt, kForever);
  std::vector<Event> events(256);
  std::vector<Decision> decisions;
  const auto step = [&] {
    const size_t n = env.poll(events);
    decisions.clear();
    for (const Event& e : std::span(events).first(n)) {
      if (e.kind == EventKind::kEnqueue) decisions.push_back(first_come(e));
    }
    env.dispatch(decisions);
  };
  while (env.now() < kSecond) step();
  const uint64_t before = env.machine().agenda_entries();
  for ([[maybe_unused]] auto _ : state) step();
  state.SetItemsProcessed(static_cast<int64_t>(env.machine().agenda_entries() - before));
}

BENCHMARK(simulate)->Name("sim/" QUANTA_BENCH_AGENDA);

}  // namespace
}  // namespace quanta
