// The policy in the kernel, timed by the kernel's own clock inside real programs: the network, the
// same with one product per multiplication and with bpf_for loops, and a whole decision (situation,
// features, network, rules) on four busy CPUs; and how long they take to load. Needs root.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstring>

#include "agent/policy/packed_network.h"
#include "tests/bpf/model.h"
#include "tests/bpf/network.h"
#include "tests/bpf/program.h"
#include "tests/policy/random_net.h"

namespace quanta {
namespace {

constexpr int kRepetitions = 20'000;
constexpr int kCpus = 4;

quanta_network network() {
  Rng rng(1);
  Weights weights = random_net(rng, shape_of({16, 16}));
  return *pack(*quantise(weights));
}

// `run(context)` runs a program that repeats `count` times and says how long it took.
template <class Context>
void measure(benchmark::State& state, test::Program& program, const char* name, Context context) {
  for (auto _ : state) {
    if (program.run(name, context) != 0) {
      state.SkipWithError("the program failed");
      return;
    }
    state.SetIterationTime(static_cast<double>(context.ns) * 1e-9);
  }
  state.SetItemsProcessed(state.iterations() * kRepetitions);
}

void forward_pass(benchmark::State& state, const char* name) {
  test::Program program(QUANTA_NETWORK_OBJECT);
  program.load();
  network_case& first = program.map<network_case>("cases", MOST_CASES)[0];
  first.network = network();
  Rng rng(2);
  for (auto& x : first.x) x = static_cast<__s64>(256 * rng.normal());
  measure(state, program, name, network_run{.count = kRepetitions, .pad = 0, .ns = 0});
}

// Four tasks run, four wait, and one of another process wakes up.
int stage(std::span<model_step> steps) {
  int n = 0;
  const auto add = [&](uint8_t kind, uint64_t time, uint32_t slot, int16_t cpu, uint8_t flags) {
    model_step& step = steps[static_cast<size_t>(n++)];
    step = {};
    step.event.kind = kind;
    step.event.time = time;
    step.event.slot = slot;
    step.event.cpu = cpu;
    step.event.other = QUANTA_NO_SLOT;
    step.event.flags = flags;
    step.weight = 1024;
    step.process = slot;
    std::memcpy(step.comm, "task-a", 6);
    step.comm[5] = static_cast<char>('a' + slot);
  };
  constexpr uint64_t kStart = 1'000'000'000;
  for (uint32_t slot = 0; slot <= 2 * kCpus; ++slot) add(QUANTA_EVENT_NEW, kStart, slot, -1, 0);
  for (int16_t cpu = 0; cpu < kCpus; ++cpu) {
    const auto slot = static_cast<uint32_t>(cpu);
    add(QUANTA_EVENT_WAKE, kStart + 1000, slot, cpu, QUANTA_EVENT_WAKEUP);
    add(QUANTA_EVENT_START, kStart + 2000, slot, cpu, 0);
    add(QUANTA_EVENT_ENQUEUE, kStart + 3000, slot + kCpus, -1, QUANTA_EVENT_WAKEUP);
  }
  add(QUANTA_EVENT_ENQUEUE, kStart + 500'000, 2 * kCpus, -1, QUANTA_EVENT_WAKEUP);
  return n;
}

// Verification and compilation of everything that a decision needs.
void load(benchmark::State& state) {
  for (auto _ : state) {
    test::Program program(QUANTA_MODEL_OBJECT);
    program.load();
  }
}

void whole_decision(benchmark::State& state) {
  test::Program program(QUANTA_MODEL_OBJECT);
  program.resize("tasks", 64);
  program.resize("cpus", kCpus);
  program.resize("decisions", 1);
  program.resize("free_slots", 1);
  auto& params = program.initial<quanta_params>(".rodata.params");
  params.mode = QUANTA_DISPATCH_KERNEL;
  params.cpus = kCpus;
  params.online = kCpus;
  params.inverse_online = 65536 / kCpus;
  params.min_slice = 250'000;
  params.switch_cost = 5'000;
  params.slice = params.default_slice = 2'000'000;
  params.slice_min = 250'000;
  params.slice_max = 10'000'000;
  params.patience = 8;
  params.inverse_floor = 4096;
  program.load();
  for (quanta_cpu& cpu : program.map<quanta_cpu>("cpus", kCpus)) {
    cpu.reported = QUANTA_NO_SLOT;
    cpu.run_started = 1;
  }
  program.map<quanta_network>("networks", 2)[0] = network();
  quanta_conduct conduct{};
  conduct.burst = conduct.residual = 1;
  std::memcpy(&program.map<quanta_shared>(".data.shared", 1)[0].conduct, &conduct, sizeof(conduct));
  model_run run{.first = 0,
                .count = stage(program.map<model_step>("steps", MOST_STEPS)),
                .unseen = 0,
                .pad = 0,
                .ns = 0};
  if (program.run("take_steps", run) != 0) state.SkipWithError("the program failed");
  measure(state, program, "time_decision",
          model_run{.first = run.count - 1, .count = kRepetitions, .unseen = 1, .pad = 0, .ns = 0});
}

BENCHMARK_CAPTURE(forward_pass, packed, "time_packed")->Name("kernel/network")->UseManualTime();
BENCHMARK_CAPTURE(forward_pass, plain, "time_plain")->Name("kernel/network_int32")->UseManualTime();
BENCHMARK_CAPTURE(forward_pass, loops, "time_loops")
    ->Name("kernel/network_bpf_for")
    ->UseManualTime();
BENCHMARK_CAPTURE(forward_pass, nothing, "time_nothing")->Name("kernel/loop")->UseManualTime();
BENCHMARK(load)->Name("kernel/load")->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(whole_decision)->Name("kernel/decision")->UseManualTime();

}  // namespace
}  // namespace quanta
