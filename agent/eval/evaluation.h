// Runs every policy on every workload with every seed under every config, in parallel.
//
// Each run has its own simulator, learner and random streams, so that the results do not depend on
// how many threads share the work. Cold path.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "agent/eval/experiment.h"

namespace quanta {

inline constexpr const char* kPrior = "index";  // the policy that an untrained network is equal to

struct NamedConfig {
  std::string name;
  ExperimentConfig experiment;  // its seed is replaced by each of the plan's
};

struct EvalPlan {
  std::vector<NamedConfig> configs;
  std::vector<Load> loads;
  std::vector<std::string> policies;
  std::vector<uint64_t> seeds;
  unsigned jobs = 1;  // threads
};

// All runs of a plan.
class Evaluation {
 public:
  Evaluation(const EvalPlan& plan, std::vector<Experiment> runs)
      : plan_(plan), runs_(std::move(runs)) {}

  const EvalPlan& plan() const { return plan_; }
  // One run per seed, in the plan's order. Indices are those of the plan.
  std::span<const Experiment> runs(size_t config, size_t load, size_t policy) const {
    const size_t cell = (config * plan_.loads.size() + load) * plan_.policies.size() + policy;
    return std::span(runs_).subspan(cell * plan_.seeds.size(), plan_.seeds.size());
  }
  std::vector<double> rewards(size_t config, size_t load, size_t policy) const;
  // Index of a policy of the plan, or the number of policies.
  size_t policy(const std::string& name) const;

 private:
  EvalPlan plan_;
  std::vector<Experiment> runs_;
};

// Called in turn from the working threads, never at the same time.
using Progress = std::function<void(size_t done, size_t total, const std::string& run)>;

// The first run that fails ends the evaluation; the error names it.
Result<Evaluation> evaluate(const EvalPlan& plan, const Progress& progress);

}  // namespace quanta
