#include "agent/eval/experiment.h"

#include <algorithm>
#include <functional>
#include <memory>

#include "agent/eval/seed_agent.h"
#include "agent/guard/keeper.h"
#include "agent/hot/hot_loop.h"
#include "agent/policy/baselines.h"
#include "agent/policy/packed_network.h"
#include "env/sim/sim_env.h"

namespace quanta {

namespace {

class MachineOracle final : public BurstOracle {
 public:
  explicit MachineOracle(const Machine& machine) : machine_(machine) {}
  // The agent may still have to hear that a task is gone.
  Nanos remaining(TaskId id) const override {
    return machine_.task(id).state == TaskState::kFree ? 0 : machine_.true_remaining(id);
  }

 private:
  const Machine& machine_;
};

// Runs `loop` until `end`, learning on the way, and notes the reward of each step of the curve.
void run_until(Nanos end, SimEnv& env, HotLoop& loop, const std::function<void()>& learn,
               Ledger& ledger, Nanos step, std::vector<CurvePoint>* curve) {
  Nanos next = env.now() + step;
  Ledger::Mark mark = ledger.mark();
  env.extend(end);
  while (!env.finished()) {
    loop.step();
    if (learn) learn();
    if (curve != nullptr && step > 0 && env.now() >= next) {
      curve->push_back({env.now(), ledger.rate_since(mark)});
      mark = ledger.mark();
      next += step;
    }
  }
}

// Trained as the kernel computes where it can evaluate this shape.
void use_shape(const Shape& shape, LearnerConfig& learner) {
  learner.layers = shape.layers - 1;
  learner.hidden = shape.width[1];
  learner.in_integers = fits_the_kernel(shape);
}

}  // namespace

const std::vector<std::string>& policy_names() {
  static const std::vector<std::string> names = {
      "eevdf", "fifo",     "deadline", "seed-deadline", "seed-slice", "heuristic",  "index",
      "burst", "residual", "ungated",  "full",          "resumed",    "clairvoyant"};
  return names;
}

Result<Experiment> run_experiment(const std::string& policy, const Load& load,
                                  ExperimentConfig config) {
  const auto& known = policy_names();
  if (std::find(known.begin(), known.end(), policy) == known.end()) return fail("unknown policy");
  const bool resumed = policy == "resumed";
  if (resumed && !config.learnt) return fail("nothing that was learnt is given to resume from");
  const bool gated = policy == "full" || resumed;
  const bool learned = gated || policy == "burst" || policy == "residual" || policy == "ungated";
  if (resumed) use_shape(config.learnt->shape, config.agent.learner);
  const uint64_t seed = config.machine.seed;
  config.agent.learner.seed = seed;
  SimEnv env(config.machine, load, policy == "eevdf" ? SimScheduler::kEevdf : SimScheduler::kExt,
             0);
  Tracker tracker(env, config.agent.reward.weighing);
  Ledger ledger(tracker, config.agent.reward);
  MachineOracle oracle(env.machine());

  std::unique_ptr<Policy> baseline;
  std::unique_ptr<SeedAgent> seed_agent;
  std::unique_ptr<Learner> learner;
  std::unique_ptr<Publisher> publisher;
  std::unique_ptr<RecordQueue> queue;
  std::unique_ptr<Journal> journal;
  std::unique_ptr<LearnedPolicy> network;
  std::unique_ptr<Gate> gate;
  std::unique_ptr<Trainer> trainer;
  std::unique_ptr<Keeper> keeper;
  Experiment result;
  Conduct conduct;
  conduct.burst = policy != "residual";
  conduct.residual = policy != "burst";
  if (learned) {
    Result<std::unique_ptr<Learner>> made = make_learner(config.agent.learner);
    if (!made) return tl::unexpected(made.error());
    learner = std::move(*made);
    if (resumed) {
      if (Status s = learner->load(config.learnt->learner); !s) return tl::unexpected(s.error());
    }
    Weights initial;
    learner->snapshot(initial);
    publisher = std::make_unique<Publisher>(initial);
    queue = std::make_unique<RecordQueue>(1 << 14);
    journal = std::make_unique<Journal>(tracker, *queue, env.max_tasks(), seed);
    network = std::make_unique<LearnedPolicy>(*publisher, config.agent.index,
                                              config.agent.exploration, seed);
    network->act_with(conduct);
    if (gated) gate = std::make_unique<Gate>(config.agent.gate, ledger, seed);
    trainer = std::make_unique<Trainer>(config.agent.reward, config.agent.trainer,
                                        config.agent.learner, *learner, *queue, *publisher);
    if (gate != nullptr) {
      keeper = std::make_unique<Keeper>(
          learner.get(), trainer.get(), initial, *publisher, gate->signals(),
          [&](const std::string& what) { result.notices.push_back({env.now(), what}); });
    }
  } else if (policy == "fifo") {
    baseline = std::make_unique<FifoPolicy>();
  } else if (policy == "deadline") {
    baseline = std::make_unique<DeadlinePolicy>(env.max_tasks());
  } else if (policy == "seed-deadline" || policy == "seed-slice") {
    const SeedUse use = policy == "seed-slice" ? SeedUse::kDeadlineAndSlice : SeedUse::kDeadline;
    auto made = SeedAgent::make(use, env.max_tasks(), seed);
    if (!made) return tl::unexpected(made.error());
    seed_agent = std::move(*made);
  } else if (policy == "heuristic") {
    baseline = std::make_unique<HeuristicPolicy>(env.max_tasks());
  } else if (policy == "index") {
    baseline = std::make_unique<IndexPolicy>(config.agent.index);
  } else if (policy == "clairvoyant") {
    baseline = std::make_unique<ClairvoyantPolicy>(config.agent.index, oracle);
  }
  Policy* const plain = seed_agent != nullptr ? &seed_agent->policy() : baseline.get();
  std::function<void()> learn;
  if (trainer != nullptr) {
    learn = [&] {
      if (keeper != nullptr && keeper->step()) queue->consume_all([](const Record&) {});
      trainer->step();
    };
  }
  if (seed_agent != nullptr) learn = [&] { seed_agent->learn(); };
  HotLoop loop = learned
                     ? HotLoop(env, tracker, *network, &ledger, *journal, *publisher, gate.get())
                     : HotLoop(env, tracker, plain, &ledger);

  result.policy = policy;
  result.load = load.name;
  result.seed = seed;
  run_until(config.train, env, loop, learn, ledger, config.curve_step, &result.curve);
  if (seed_agent != nullptr) result.learning.updates = seed_agent->updates();
  if (learned) {  // measured as it then acts: no exploration, no further learning
    result.learning = trainer->last();
    Weights weights;
    learner->snapshot(weights);
    weights.exploration_sd = 0;
    weights.checksum = checksum_of(weights);
    publisher->quiescent();
    if (!publisher->publish(weights)) return fail("the learned weights could not be published");
    publisher->quiescent();
    if (gate != nullptr) {
      result.arm = gate->best();
      for (size_t i = 0; i < kInterventions; ++i)
        result.interventions[i] = gate->signals().count(static_cast<Intervention>(i));
      for (int a = 0; a < kArms; ++a)
        result.uplifts[static_cast<size_t>(a)] = gate->uplift(static_cast<Arm>(a));
    }
    conduct.explore = false;
    network->act_with(gate != nullptr ? conduct_of(result.arm) : conduct);
  }
  ledger.reset_latencies();
  const Ledger::Mark mark = ledger.mark();
  const uint64_t switches_before = ledger.switches();
  HotLoop measured = learned
                         ? HotLoop(env, tracker, *network, &ledger, *journal, *publisher, nullptr)
                         : HotLoop(env, tracker, plain, &ledger);
  env.machine().reset_stats();
  std::vector<Nanos> cpu_before(env.max_tasks());
  std::vector<Nanos> born_before(env.max_tasks());
  for (TaskId i = 0; i < env.max_tasks(); ++i) {
    cpu_before[i] = tracker.task(i).cpu_time;
    born_before[i] = tracker.task(i).born;
  }
  const Nanos from = env.now();
  run_until(config.train + config.measure, env, measured, nullptr, ledger, 0, nullptr);

  result.measured = env.now() - from;
  const double seconds = static_cast<double>(result.measured) / kSecond;
  const Terms terms = ledger.rates_since(mark);
  result.terms.assign(terms.begin(), terms.end());
  result.reward = ledger.rate_since(mark);
  result.wakeup_p50 = ledger.wakeup_latency().quantile(0.5);
  result.wakeup_p99 = ledger.wakeup_latency().quantile(0.99);
  result.switches_per_second = static_cast<double>(ledger.switches() - switches_before) / seconds;
  const auto& stats = env.machine().stats();
  for (size_t g = 0; g < stats.size(); ++g) {
    result.groups.push_back({load.groups[g].name, load.groups[g].batch, stats[g]});
  }
  // Fair share of a CPU-hungry task while all others compete, by load weight.
  result.min_share = 1;
  double total_weight = 0;
  for (TaskId i = 0; i < env.max_tasks(); ++i) {
    if (tracker.task(i).activity != Activity::kGone) total_weight += tracker.task(i).load_weight;
  }
  for (TaskId i = 0; i < env.max_tasks(); ++i) {
    const TaskView& t = tracker.task(i);
    if (t.activity == Activity::kGone || t.born != born_before[i]) continue;
    const SimTask& s = env.machine().task(i);
    if (!load.groups[load.programs[s.program].group].batch) continue;
    const double fair = std::min(1.0, tracker.cpus() * t.load_weight / total_weight);
    const double got =
        static_cast<double>(t.cpu_time - cpu_before[i]) / static_cast<double>(result.measured);
    result.min_share = std::min(result.min_share, got / fair);
  }
  return result;
}

}  // namespace quanta
