#include "agent/eval/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "agent/eval/goals.h"
#include "agent/eval/statistics.h"
#include "agent/eval/table.h"

namespace quanta {
namespace {

constexpr const char* kReferences[] = {"eevdf", "heuristic", "index"};

std::vector<std::string> header(std::string first, const std::vector<std::string>& rest) {
  std::vector<std::string> cells{std::move(first)};
  cells.insert(cells.end(), rest.begin(), rest.end());
  return cells;
}

std::string half_width(const Interval& interval) {
  return std::isfinite(interval.half) ? fmt::format(" ±{:.4f}", interval.half) : "";
}

Interval difference(const Evaluation& evaluation, size_t config, size_t load, size_t policy,
                    size_t baseline) {
  return paired_difference(evaluation.rewards(config, load, policy),
                           evaluation.rewards(config, load, baseline));
}

std::string versus(const Evaluation& evaluation, size_t config, size_t policy, size_t reference) {
  std::map<Verdict, int> count;
  for (size_t l = 0; l < evaluation.plan().loads.size(); ++l) {
    ++count[verdict(difference(evaluation, config, l, policy, reference))];
  }
  return fmt::format("{} / {} / {}", count[Verdict::kBetter], count[Verdict::kSame],
                     count[Verdict::kWorse]);
}

// Goal names in the order in which they first appear, each with its mean per policy.
struct GoalRows {
  std::vector<std::string> names;
  std::map<std::string, std::map<size_t, std::vector<double>>> values;

  void add(const Goal& goal, size_t policy) {
    auto [at, is_new] = values.try_emplace(goal.name);
    if (is_new) names.push_back(goal.name);
    at->second[policy].push_back(goal.value);
  }
  bool all_zero(const std::string& name) const {  // deadlines that nobody misses
    for (const auto& [policy, each] : values.at(name)) {
      if (std::any_of(each.begin(), each.end(), [](double v) { return v != 0; })) return false;
    }
    return true;
  }
};

GoalRows goal_rows(const Evaluation& evaluation, size_t config, size_t load) {
  GoalRows rows;
  for (size_t p = 0; p < evaluation.plan().policies.size(); ++p) {
    for (const Experiment& run : evaluation.runs(config, load, p)) {
      for (const Goal& goal : goals_of(run)) rows.add(goal, p);
    }
  }
  return rows;
}

}  // namespace

std::string reward_table(const Evaluation& evaluation, size_t config, size_t width) {
  const EvalPlan& plan = evaluation.plan();
  Table table(header("reward", plan.policies));
  for (size_t l = 0; l < plan.loads.size(); ++l) {
    std::vector<std::string> row{plan.loads[l].name};
    for (size_t p = 0; p < plan.policies.size(); ++p) {
      const Interval reward = confidence(evaluation.rewards(config, l, p));
      row.push_back(fmt::format("{:.4f}{}", reward.mean, half_width(reward)));
    }
    table.add(std::move(row));
  }
  return table.render(width);
}

std::string difference_table(const Evaluation& evaluation, size_t config,
                             const std::string& baseline, size_t width) {
  const EvalPlan& plan = evaluation.plan();
  const size_t base = evaluation.policy(baseline);
  std::vector<size_t> others;
  std::vector<std::string> names;
  for (size_t p = 0; p < plan.policies.size(); ++p) {
    if (p == base) continue;
    others.push_back(p);
    names.push_back(plan.policies[p]);
  }
  if (others.empty()) return "";
  Table table(header("reward - " + baseline, names));
  for (size_t l = 0; l < plan.loads.size(); ++l) {
    std::vector<std::string> row{plan.loads[l].name};
    for (const size_t p : others) {
      const Interval d = difference(evaluation, config, l, p, base);
      row.push_back(fmt::format("{:+.4f}{} {}", d.mean, half_width(d), mark(verdict(d))));
    }
    table.add(std::move(row));
  }
  return table.render(width);
}

std::string summary_table(const Evaluation& evaluation, size_t config, size_t width) {
  const EvalPlan& plan = evaluation.plan();
  std::vector<std::string> columns;
  std::vector<size_t> references;
  for (const char* name : kReferences) {
    const size_t reference = evaluation.policy(name);
    if (reference == plan.policies.size()) continue;
    references.push_back(reference);
    columns.push_back(fmt::format("vs {}", name));
  }
  if (references.empty() || plan.policies.size() < 2) return "";
  Table table(header("workloads better / same / worse", columns));
  for (size_t p = 0; p < plan.policies.size(); ++p) {
    std::vector<std::string> row{plan.policies[p]};
    for (const size_t reference : references) {
      row.push_back(p == reference ? "" : versus(evaluation, config, p, reference));
    }
    table.add(std::move(row));
  }
  return table.render(width);
}

std::string goal_tables(const Evaluation& evaluation, size_t config, size_t width) {
  const EvalPlan& plan = evaluation.plan();
  std::string out;
  for (size_t l = 0; l < plan.loads.size(); ++l) {
    const GoalRows rows = goal_rows(evaluation, config, l);
    Table table(header(plan.loads[l].name, plan.policies));
    for (const std::string& name : rows.names) {
      if (rows.all_zero(name)) continue;
      std::vector<std::string> row{"  " + name};
      for (size_t p = 0; p < plan.policies.size(); ++p) {
        const auto& by_policy = rows.values.at(name);
        const auto at = by_policy.find(p);
        row.push_back(at == by_policy.end() ? "-" : readable({name, confidence(at->second).mean}));
      }
      table.add(std::move(row));
    }
    if (l > 0) out += '\n';
    out += table.render(width);
  }
  return out;
}

}  // namespace quanta
