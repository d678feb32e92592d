#include "agent/eval/goals.h"

#include <fmt/format.h>

#include <algorithm>

namespace quanta {
namespace {

std::string readable_seconds(double value) {
  if (value >= 1) return fmt::format("{:.3g}s", value);
  if (value >= 1e-3) return fmt::format("{:.3g}ms", value * 1e3);
  return fmt::format("{:.1f}us", value * 1e6);
}

}  // namespace

std::vector<Goal> goals_of(const Experiment& run) {
  std::vector<Goal> goals;
  const double seconds = static_cast<double>(run.measured) * kSecondsPerNano;
  for (const GroupResult& group : run.groups) {
    const GroupStats& s = group.stats;
    const auto add = [&](const char* name, double value) {
      goals.push_back({group.name + "/" + name, value});
    };
    add("done_per_second", static_cast<double>(s.done) / seconds);
    if (s.response.count() > 0) {
      add("response_p99_seconds", s.response.quantile(0.99) * kSecondsPerNano);
      add("misses_per_second", static_cast<double>(s.misses) / seconds);
    }
    if (s.wakeup.count() > 0) add("wakeup_p99_seconds", s.wakeup.quantile(0.99) * kSecondsPerNano);
  }
  goals.push_back({"wakeup_p50_seconds", run.wakeup_p50 * kSecondsPerNano});
  goals.push_back({"wakeup_p99_seconds", run.wakeup_p99 * kSecondsPerNano});
  goals.push_back({"switches_per_second", run.switches_per_second});
  const bool batch = std::any_of(run.groups.begin(), run.groups.end(),
                                 [](const GroupResult& group) { return group.batch; });
  if (batch) goals.push_back({"min_share_ratio", run.min_share});
  return goals;
}

std::string readable(const Goal& goal) {
  if (goal.name.ends_with("per_second")) return fmt::format("{:.1f}/s", goal.value);
  if (goal.name.ends_with("_seconds")) return readable_seconds(goal.value);
  return fmt::format("{:.2f}", goal.value);
}

}  // namespace quanta
