#include "agent/eval/figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "agent/eval/learning_speed.h"
#include "agent/eval/table.h"

namespace quanta {
namespace {

constexpr const char* kPrior = "index";

bool learnt(std::span<const Experiment> runs) {
  return std::any_of(runs.begin(), runs.end(),
                     [](const Experiment& run) { return run.learning.updates > 0; });
}

Series curve_of(const std::string& name, std::span<const Experiment> runs) {
  Series series{.name = name, .x = {}, .y = {}};
  size_t points = runs.front().curve.size();
  for (const Experiment& run : runs) points = std::min(points, run.curve.size());
  for (size_t i = 0; i < points; ++i) {
    std::vector<double> values;
    for (const Experiment& run : runs) values.push_back(run.curve[i].reward);
    series.x.push_back(static_cast<double>(runs.front().curve[i].time) * kSecondsPerNano);
    series.y.push_back(confidence(values));
  }
  return series;
}

std::string with_interval(std::span<const double> values, const char* unit) {
  const Interval interval = confidence(values);
  if (!std::isfinite(interval.half)) return fmt::format("{:.4g}{}", interval.mean, unit);
  return fmt::format("{:.4g} ±{:.2g}{}", interval.mean, interval.half, unit);
}

std::vector<std::string> speed_row(const std::string& title, std::span<const Experiment> runs,
                                   std::span<const Experiment> prior) {
  std::vector<double> gains;
  std::vector<double> times;
  std::vector<double> worst;
  std::vector<double> worst_times;
  for (size_t s = 0; s < runs.size(); ++s) {
    const LearningSpeed speed = learning_speed(gain_curve(runs[s].curve, prior[s].curve));
    gains.push_back(speed.final_gain);
    worst.push_back(speed.worst);
    worst_times.push_back(static_cast<double>(speed.worst_time) * kSecondsPerNano);
    if (speed.time90) times.push_back(static_cast<double>(*speed.time90) * kSecondsPerNano);
  }
  return {title,
          with_interval(gains, ""),
          times.empty() ? "-" : with_interval(times, "s"),
          fmt::format("{}/{}", times.size(), runs.size()),
          with_interval(worst, ""),
          with_interval(worst_times, "s")};
}

}  // namespace

BarPlot reward_bars(const Evaluation& evaluation, size_t config, const std::string& baseline) {
  const EvalPlan& plan = evaluation.plan();
  BarPlot plot{.title = fmt::format("Reward by workload ({})", plan.configs[config].name),
               .unit = "reward rate",
               .baseline = baseline,
               .panels = {}};
  const size_t base = evaluation.policy(baseline);
  for (size_t l = 0; l < plan.loads.size(); ++l) {
    const std::vector<double> reference = evaluation.rewards(config, l, base);
    BarPanel panel{.title = plan.loads[l].name, .bars = {}};
    for (size_t p = 0; p < plan.policies.size(); ++p) {
      const std::vector<double> rewards = evaluation.rewards(config, l, p);
      panel.bars.push_back({.label = plan.policies[p],
                            .value = confidence(rewards),
                            .verdict = verdict(paired_difference(rewards, reference)),
                            .baseline = p == base});
    }
    plot.panels.push_back(std::move(panel));
  }
  return plot;
}

CurvePlot learning_curves(const Evaluation& evaluation, size_t config) {
  const EvalPlan& plan = evaluation.plan();
  CurvePlot plot{.title = fmt::format("Reward while learning ({})", plan.configs[config].name),
                 .x_label = "simulated seconds",
                 .y_label = "reward rate",
                 .panels = {}};
  const size_t prior = evaluation.policy(kPrior);
  for (size_t l = 0; l < plan.loads.size(); ++l) {
    CurvePanel panel{.title = plan.loads[l].name, .series = {}};
    if (prior < plan.policies.size()) {
      panel.series.push_back(curve_of(kPrior, evaluation.runs(config, l, prior)));
    }
    for (size_t p = 0; p < plan.policies.size(); ++p) {
      const auto runs = evaluation.runs(config, l, p);
      if (learnt(runs)) panel.series.push_back(curve_of(plan.policies[p], runs));
    }
    plot.panels.push_back(std::move(panel));
  }
  return plot;
}

std::string learning_table(const Evaluation& evaluation, size_t config, size_t width) {
  const EvalPlan& plan = evaluation.plan();
  const size_t prior = evaluation.policy(kPrior);
  if (prior == plan.policies.size()) return "";
  Table table({"learning", "gain at the end", "90% of it after", "seeds with a gain",
               "worst moment", "at"});
  bool any = false;
  for (size_t l = 0; l < plan.loads.size(); ++l) {
    for (size_t p = 0; p < plan.policies.size(); ++p) {
      const auto runs = evaluation.runs(config, l, p);
      if (!learnt(runs)) continue;
      any = true;
      table.add(speed_row(fmt::format("{} {}", plan.loads[l].name, plan.policies[p]), runs,
                          evaluation.runs(config, l, prior)));
    }
  }
  return any ? table.render(width) : "";
}

}  // namespace quanta
