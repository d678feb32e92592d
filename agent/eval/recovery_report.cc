#include "agent/eval/recovery_report.h"

#include <fmt/format.h>

#include <utility>

#include "agent/eval/learning_speed.h"
#include "agent/eval/recovery.h"
#include "agent/eval/statistics.h"
#include "agent/eval/table.h"

namespace quanta {
namespace {

constexpr Nanos kEarly = 10 * kSecond;
constexpr const char* kLegend =
    "settles at: mean of the phase's last half. is there: five steps of the curve first have a "
    "mean "
    "in the\nrange of such means in that half. over the prior: of the same seed.\n";

double seconds(Nanos time) {
  return static_cast<double>(time) * kSecondsPerNano;
}

// One policy in one phase: a value of each seed.
struct Figures {
  std::vector<double> settled, after, drop;
  std::vector<double> early_gain, worst_gain, settled_gain;  // over the prior
};

// Without `prior` there are no gains.
Figures figures_of(std::span<const Experiment> runs, std::span<const Experiment> prior, Nanos from,
                   Nanos until) {
  Figures f;
  for (size_t s = 0; s < runs.size(); ++s) {
    const Recovery r = recovery(phase_of(runs[s].curve, from, until));
    f.settled.push_back(r.settled);
    if (r.after) f.after.push_back(seconds(*r.after));
    f.drop.push_back(r.worst - r.settled);
    if (prior.empty()) continue;
    const std::vector<CurvePoint> gains = gain_curve(runs[s].curve, prior[s].curve);
    const std::span<const CurvePoint> gain = phase_of(gains, from, until);
    f.early_gain.push_back(early_mean(gain, kEarly));
    f.worst_gain.push_back(recovery(gain).worst);
    f.settled_gain.push_back(recovery(gain).settled);
  }
  return f;
}

std::vector<std::string> row(std::string title, const Figures& f) {
  const auto cell = [](const std::vector<double>& values, std::string_view unit = "") {
    return values.empty() ? "-" : readable(confidence(values), unit);
  };
  return {std::move(title),   cell(f.settled),    cell(f.after, "s"),  cell(f.drop),
          cell(f.early_gain), cell(f.worst_gain), cell(f.settled_gain)};
}

}  // namespace

std::string recovery_table(const Evaluation& evaluation, size_t config, size_t width) {
  const EvalPlan& plan = evaluation.plan();
  const Nanos end = plan.configs[config].experiment.train;
  const size_t prior = evaluation.policy(kPrior);
  Table table({"change", "settles at", "is there after", "worst moment less that",
               "over the prior: first 10 s", "worst moment", "settled"});
  bool any = false;
  for (size_t l = 0; l < plan.loads.size(); ++l) {
    std::vector<Nanos> bounds = changes_of(plan.loads[l], end);
    if (bounds.empty()) continue;
    any = true;
    bounds.insert(bounds.begin(), 0);
    bounds.push_back(end);
    for (size_t b = 0; b + 1 < bounds.size(); ++b) {
      for (size_t p = 0; p < plan.policies.size(); ++p) {
        const bool compared = prior < plan.policies.size() && p != prior;
        std::span<const Experiment> against;
        if (compared) against = evaluation.runs(config, l, prior);
        table.add(
            row(fmt::format("{} at {:g}s: {}", plan.loads[l].name, seconds(bounds[b]),
                            plan.policies[p]),
                figures_of(evaluation.runs(config, l, p), against, bounds[b], bounds[b + 1])));
      }
    }
  }
  return any ? table.render(width) + kLegend : "";
}

std::string guard_table(const Evaluation& evaluation, size_t config, size_t width) {
  const EvalPlan& plan = evaluation.plan();
  Table table({"guard", "seed", "at", "what it did"});
  bool any = false;
  for (size_t l = 0; l < plan.loads.size(); ++l) {
    if (changes_of(plan.loads[l], plan.configs[config].experiment.train).empty()) continue;
    for (size_t p = 0; p < plan.policies.size(); ++p) {
      for (const Experiment& run : evaluation.runs(config, l, p)) {
        for (const Notice& notice : run.notices) {
          any = true;
          table.add({fmt::format("{}: {}", run.load, run.policy), std::to_string(run.seed),
                     fmt::format("{:.1f}s", seconds(notice.time)), notice.what});
        }
      }
    }
  }
  return any ? table.render(width) : "";
}

}  // namespace quanta
