// The kernel's side of the policy, run in the real kernel on a stream of events out of the
// simulator: it must know of tasks what the agent knows, and decide what the agent decides.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "agent/features/features.h"
#include "agent/policy/packed_network.h"
#include "env/sim/load_file.h"
#include "env/sim/sim_env.h"
#include "tests/bpf/model.h"
#include "tests/bpf/program.h"
#include "tests/policy/random_net.h"

namespace quanta {
namespace {

// One that minds late wake-ups.
IndexConfig some_prior() {
  IndexConfig config;
  config.latency_target = 100 * kMicrosecond;
  config.latency_worth = 2;
  return config;
}

constexpr int kCpus = 4;
constexpr uint32_t kTasks = 4096;
constexpr Nanos kMinSlice = 250 * kMicrosecond;

// What the agent made of one enqueue.
struct Decided {
  size_t step;
  Features x;
  Residual residual;
  Decision decision;
  TaskId victim;
};

// A run of the simulator under the policy of the agent, as a live environment would be seen.
class Story final : public Env {
 public:
  Story(const std::string& load, const Weights& weights)
      : sim_(machine(), *read_load(std::string(QUANTA_SOURCE_DIR "/configs/workloads/") + load),
             SimScheduler::kExt, 4 * kSecond),
        tracker_(*this, weighing_) {
    std::vector<Event> events(256);
    std::vector<Decision> decisions;
    while (!sim_.finished() && steps.size() + events.size() < MOST_STEPS) {
      const size_t n = sim_.poll(events);
      decisions.clear();
      for (size_t i = 0; i < n; ++i) {
        tracker_.update(events[i]);
        note(events[i]);
        if (events[i].kind == EventKind::kEnqueue)
          decisions.push_back(decide_on(events[i], weights));
      }
      sim_.dispatch(decisions);
    }
  }

  std::string_view name() const override { return "story"; }
  int cpus() const override { return sim_.cpus(); }
  uint32_t max_tasks() const override { return sim_.max_tasks(); }
  Nanos now() const override { return sim_.now(); }
  Nanos granularity() const override { return kMinSlice; }
  bool namesakes_are_peers() const override { return true; }
  size_t poll(std::span<Event>) override { return 0; }
  void dispatch(std::span<const Decision>) override {}
  bool finished() const override { return true; }
  const TaskInfo& task(TaskId id) const override { return sim_.task(id); }
  bool waits_for_agent() const override { return true; }
  bool save(std::string&) override { return false; }
  bool load(std::span<const char>) override { return false; }
  uint64_t stale_decisions() const override { return 0; }

  std::vector<model_step> steps;
  std::vector<Decided> decided;

 private:
  static MachineConfig machine() {
    MachineConfig config;
    config.cpus = kCpus;
    config.seed = 7;
    return config;
  }

  void note(const Event& e) {
    model_step step{};
    step.event = {.time = e.time,
                  .ran = e.ran,
                  .slot = e.task,
                  .other = e.other,
                  .generation = e.generation,
                  .cpu = e.cpu,
                  .kind = static_cast<uint8_t>(e.kind),
                  .flags = e.flags,
                  .reason = static_cast<uint8_t>(e.reason),
                  .pad = {}};
    if (e.kind == EventKind::kNew || e.kind == EventKind::kExec) {
      const TaskInfo& info = sim_.task(e.task);
      step.weight = info.weight;
      step.process = info.process;
      std::memcpy(step.comm, info.comm, sizeof(step.comm));
    }
    steps.push_back(step);
  }

  Decision decide_on(const Event& e, const Weights& weights) {
    const Situation situation = assess(tracker_, e.task);
    Decided d{.step = steps.size() - 1,
              .x = {},
              .residual = {},
              .decision = {},
              .victim = situation.victim};
    extract(tracker_, situation, d.x);
    Outputs y;
    forward(weights, d.x, y);
    d.residual = {.burst = std::clamp(y[kHeadBurst], -kMaxResidual, kMaxResidual),
                  .order = std::clamp(y[kHeadOrder], -kMaxResidual, kMaxResidual),
                  .preempt = std::clamp(y[kHeadPreempt], -kMaxResidual, kMaxResidual),
                  .slice = std::clamp(y[kHeadSlice], -kMaxSliceResidual, kMaxSliceResidual)};
    d.decision = decide(tracker_, situation, d.residual, e.generation, some_prior());
    decided.push_back(d);
    return d.decision;
  }

  Weighing weighing_;
  SimEnv sim_;
  Tracker tracker_;
};

// How far the kernel's decisions are from the agent's.
struct Agreement {
  std::array<int, kInputs> features_equal{};
  std::array<double, kInputs> worst{};  // difference, 1 = one octave
  int decisions = 0;
  int keys = 0;      // index within 2%
  int slices = 0;    // within 2%
  int preempts = 0;  // the same CPU, or none
  int victims = 0;
};

// The story's steps with what the kernel decided.
std::vector<model_step> replay(const Story& story, const Weights& weights, bool unseen) {
  test::Program program(QUANTA_MODEL_OBJECT);
  program.resize("tasks", kTasks);
  program.resize("cpus", kCpus);
  program.resize("decisions", 1);
  program.resize("free_slots", 1);
  auto& params = program.initial<quanta_params>(".rodata.params");
  const IndexConfig index = some_prior();
  params.mode = QUANTA_DISPATCH_KERNEL;
  params.cpus = kCpus;
  params.online = kCpus;
  params.inverse_online = 65536 / kCpus;
  params.domains = 1;
  params.default_slice = 2 * kMillisecond;
  params.min_slice = kMinSlice;
  params.switch_cost = index.switch_cost;
  params.slice = index.slice;
  params.slice_min = index.slice_min;
  params.slice_max = index.slice_max;
  params.latency_target = index.latency_target;
  params.latency_worth = static_cast<uint32_t>(65536 * index.latency_worth);
  params.patience = 8;
  params.inverse_floor = 4096;
  params.explore_share = 65536;
  params.record_share = 65536;
  program.load();
  const auto cpus = program.map<quanta_cpu>("cpus", kCpus);
  for (quanta_cpu& cpu : cpus) {
    cpu.reported = QUANTA_NO_SLOT;
    cpu.run_started = 1;
  }
  program.map<quanta_network>("networks", 2)[0] = *pack(*quantise(weights));
  quanta_conduct conduct{};
  conduct.burst = conduct.residual = 1;
  std::memcpy(&program.map<quanta_shared>(".data.shared", 1)[0].conduct, &conduct, sizeof(conduct));

  const auto steps = program.map<model_step>("steps", MOST_STEPS);
  std::copy(story.steps.begin(), story.steps.end(), steps.begin());
  model_run run{.first = 0,
                .count = static_cast<int>(story.steps.size()),
                .unseen = unseen,
                .pad = 0,
                .ns = 0};
  EXPECT_EQ(program.run("take_steps", run), 0);
  return {steps.begin(), steps.begin() + run.count};
}

Agreement compare(const Story& story, const std::vector<model_step>& steps) {
  Agreement a;
  for (const Decided& d : story.decided) {
    const model_step& step = steps[d.step];
    ++a.decisions;
    for (size_t i = 0; i < kInputs; ++i) {
      const double difference = std::abs(step.judged.x[i] / 256.0 - static_cast<double>(d.x[i]));
      a.features_equal[i] += difference == 0 ? 1 : 0;
      a.worst[i] = std::max(a.worst[i], difference);
    }
    const auto near = [](double x, double y) { return std::abs(x - y) <= 0.02 * std::max(x, y); };
    const auto now = static_cast<double>(step.event.time);
    a.keys +=
        near(static_cast<double>(step.judged.key) - now, static_cast<double>(d.decision.key) - now)
            ? 1
            : 0;
    a.slices += near(step.judged.slice, d.decision.slice) ? 1 : 0;
    a.victims += step.judged.victim == d.victim ? 1 : 0;
    a.preempts += step.preempt_cpu == d.decision.preempt_cpu ? 1 : 0;
  }
  return a;
}

class Model : public ::testing::TestWithParam<const char*> {};

// The prior is the same formula in integers, also where less is looked at because nobody records
// it.
TEST_P(Model, DecidesAsTheAgentDoes) {
  Rng rng(1, 1);
  Weights prior = random_net(rng, shape_of({16, 16}));
  for (int i = 0; i < kMaxHidden; ++i) {
    for (int o = 0; o < kHeads; ++o) {
      prior.w[weight_offset(2, i, o)] = 0;
      prior.b[bias_offset(2, o)] = 0;
    }
  }
  const Story story(GetParam(), prior);
  ASSERT_GT(story.decided.size(), 1000U);
  const std::vector<model_step> steps = replay(story, prior, false);
  const Agreement a = compare(story, steps);
  std::printf("%s: %d decisions; the same key %.4f, slice %.4f, victim %.4f, preemption %.4f\n",
              GetParam(), a.decisions, 1.0 * a.keys / a.decisions, 1.0 * a.slices / a.decisions,
              1.0 * a.victims / a.decisions, 1.0 * a.preempts / a.decisions);
  for (size_t i = 0; i < kInputs; ++i) {
    if (i == kImportance) {  // a quotient of averages, in integers
      EXPECT_LE(a.worst[i], 0.1) << kFeatureNames[i];
    } else if (i >= kVictimKin && i <= kVictimName) {  // of two alike it may choose the other
      EXPECT_GE(a.features_equal[i], 0.99 * a.decisions) << kFeatureNames[i];
    } else {
      EXPECT_EQ(a.features_equal[i], a.decisions) << kFeatureNames[i];
    }
  }
  EXPECT_GE(a.keys, 0.99 * a.decisions);
  EXPECT_EQ(a.slices, a.decisions);
  EXPECT_GE(a.victims, 0.99 * a.decisions);
  EXPECT_GE(a.preempts, 0.99 * a.decisions);

  const std::vector<model_step> unseen = replay(story, prior, true);
  for (const Decided& d : story.decided) {
    const model_step &one = steps[d.step], &other = unseen[d.step];
    ASSERT_EQ(other.judged.key, one.judged.key) << d.step;
    ASSERT_EQ(other.judged.slice, one.judged.slice) << d.step;
    ASSERT_EQ(other.preempt_cpu, one.preempt_cpu) << d.step;
  }
}

INSTANTIATE_TEST_SUITE_P(Loads, Model,
                         ::testing::Values("game_hogs.yaml", "server_hogs.yaml",
                                           "periodic_build.yaml", "messages.yaml"));

}  // namespace
}  // namespace quanta
