#include "agent/eval/figures.h"

#include <fmt/format.h>

#include <algorithm>

#include "agent/eval/learning_speed.h"
#include "agent/eval/recovery.h"
#include "agent/eval/table.h"

namespace quanta {
namespace {

bool learnt(std::span<const Experiment> runs) {
  return std::any_of(runs.begin(), runs.end(),
                     [](const Experiment& run) { return run.learning.updates > 0; });
}

using Curves = std::vector<std::vector<CurvePoint>>;  // of each seed

Series series_of(const std::string& name, const Curves& curves) {
  Series series{.name = name, .x = {}, .y = {}};
  size_t points = curves.front().size();
  for (const auto& curve : curves) points = std::min(points, curve.size());
  for (size_t i = 0; i < points; ++i) {
    std::vector<double> values;
    for (const auto& curve : curves) values.push_back(curve[i].reward);
    series.x.push_back(static_cast<double>(curves.front()[i].time) * kSecondsPerNano);
    series.y.push_back(confidence(values));
  }
  return series;
}

Series curve_of(const std::string& name, std::span<const Experiment> runs) {
  Curves curves;
  for (const Experiment& run : runs) curves.push_back(run.curve);
  return series_of(name, curves);
}

Series gain_of(const std::string& name, std::span<const Experiment> runs,
               std::span<const Experiment> prior) {
  Curves gains;
  for (size_t s = 0; s < runs.size(); ++s)
    gains.push_back(gain_curve(runs[s].curve, prior[s].curve));
  return series_of(name, gains);
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
          readable(confidence(gains)),
          times.empty() ? "-" : readable(confidence(times), "s"),
          fmt::format("{}/{}", times.size(), runs.size()),
          readable(confidence(worst)),
          readable(confidence(worst_times), "s")};
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
  const bool has_prior = prior < plan.policies.size();
  for (size_t l = 0; l < plan.loads.size(); ++l) {
    CurvePanel panel{.title = plan.loads[l].name, .series = {}};
    for (const Nanos change : changes_of(plan.loads[l], plan.configs[config].experiment.train)) {
      panel.marks.push_back(static_cast<double>(change) * kSecondsPerNano);
    }
    CurvePanel gains{.title = panel.title + ", less the prior", .series = {}, .marks = panel.marks};
    std::vector<size_t> shown;
    if (has_prior) shown.push_back(prior);
    for (size_t p = 0; p < plan.policies.size(); ++p) {
      if (learnt(evaluation.runs(config, l, p))) shown.push_back(p);
    }
    for (const size_t p : shown) {
      const auto runs = evaluation.runs(config, l, p);
      panel.series.push_back(curve_of(plan.policies[p], runs));
      if (!has_prior) continue;
      gains.series.push_back(gain_of(plan.policies[p], runs, evaluation.runs(config, l, prior)));
    }
    plot.panels.push_back(std::move(panel));
    if (has_prior && !gains.marks.empty()) plot.panels.push_back(std::move(gains));
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
    if (!changes_of(plan.loads[l], plan.configs[config].experiment.train).empty()) continue;
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
