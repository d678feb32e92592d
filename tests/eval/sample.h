// A hand-made evaluation, and a short load that runs in an instant.
#pragma once

#include <string>

#include "agent/eval/evaluation.h"
#include "env/sim/load_file.h"

namespace quanta {

inline Experiment sample_run(const std::string& policy, uint64_t seed, double reward) {
  Experiment run;
  run.policy = policy;
  run.load = "tiny";
  run.seed = seed;
  run.measured = 2 * kSecond;
  run.reward = reward;
  run.terms = std::vector<double>(kTerms, 0.25);
  run.wakeup_p50 = 40e3;
  run.wakeup_p99 = 1.5e6;
  run.min_share = 0.8;
  run.switches_per_second = 1000;
  GroupResult game{.name = "game", .batch = false, .stats = {}};
  game.stats.done = 120;
  game.stats.response.add(16 * kMillisecond);
  GroupResult hogs{.name = "hogs", .batch = true, .stats = {}};
  run.groups = {game, hogs};
  return run;
}

// Policies eevdf and index, seeds 1 and 2, with the given rewards.
inline Evaluation sample_evaluation(double eevdf1, double eevdf2, double index1, double index2) {
  EvalPlan plan;
  plan.configs = {NamedConfig{.name = "interactive", .experiment = {}}};
  plan.loads.resize(1);
  plan.loads[0].name = "tiny";
  plan.policies = {"eevdf", "index"};
  plan.seeds = {1, 2};
  return {plan,
          {sample_run("eevdf", 1, eevdf1), sample_run("eevdf", 2, eevdf2),
           sample_run("index", 1, index1), sample_run("index", 2, index2)}};
}

inline EvalPlan short_plan(std::vector<std::string> policies) {
  const Result<Load> load = parse_load(
      "groups:\n"
      "  beat: {kind: periodic, count: 4, period: uniform 3ms 9ms, burst: uniform 200us 900us}\n"
      "  hogs: {kind: hog, count: 6}\n",
      "short.yaml");
  EvalPlan plan;
  plan.configs = {NamedConfig{.name = "default", .experiment = {}}};
  plan.configs[0].experiment.train = 300 * kMillisecond;
  plan.configs[0].experiment.measure = 500 * kMillisecond;
  plan.configs[0].experiment.curve_step = 100 * kMillisecond;
  plan.loads = {load.value()};
  plan.policies = std::move(policies);
  plan.seeds = {1, 2};
  return plan;
}

}  // namespace quanta
