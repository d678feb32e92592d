#include "agent/eval/eval_json.h"

#include <nlohmann/json.hpp>

#include "agent/eval/goals.h"

namespace quanta {
namespace {

nlohmann::ordered_json row(const std::string& config, const Experiment& run) {
  nlohmann::ordered_json terms = nlohmann::ordered_json::object();
  for (size_t t = 0; t < run.terms.size(); ++t) terms[std::string(kTermNames[t])] = run.terms[t];
  nlohmann::ordered_json metrics = nlohmann::ordered_json::object();
  for (const Goal& goal : goals_of(run)) metrics[goal.name] = goal.value;
  return {{"config", config},  {"workload", run.load}, {"policy", run.policy},
          {"seed", run.seed},  {"reward", run.reward}, {"terms", terms},
          {"metrics", metrics}};
}

}  // namespace

std::string to_json(const Evaluation& evaluation) {
  const EvalPlan& plan = evaluation.plan();
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (size_t c = 0; c < plan.configs.size(); ++c) {
    for (size_t l = 0; l < plan.loads.size(); ++l) {
      for (size_t p = 0; p < plan.policies.size(); ++p) {
        for (const Experiment& run : evaluation.runs(c, l, p)) {
          rows.push_back(row(plan.configs[c].name, run));
        }
      }
    }
  }
  // Group names are a file's own: what is not UTF-8 is replaced.
  return rows.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
}

}  // namespace quanta
