#include "agent/eval/recovery.h"

#include <algorithm>
#include <set>

#include "agent/eval/learning_speed.h"

namespace quanta {
std::vector<Nanos> changes_of(const Load& load, Nanos end) {
  std::set<Nanos> times;
  for (const LoadGroup& group : load.groups) {
    for (const Nanos time : {group.from, group.until}) {
      if (time > 0 && time < end) times.insert(time);
    }
  }
  return {times.begin(), times.end()};
}

std::span<const CurvePoint> phase_of(std::span<const CurvePoint> curve, Nanos from, Nanos until) {
  // A step begins where the one before ends.
  const auto first_from = [&](Nanos time) {
    if (time == 0) return curve.begin();
    const auto end = std::find_if(curve.begin(), curve.end(),
                                  [time](const CurvePoint& p) { return p.time >= time; });
    return end == curve.end() ? end : end + 1;
  };
  return {first_from(from), first_from(until)};
}

Recovery recovery(std::span<const CurvePoint> phase) {
  Recovery result;
  if (phase.empty()) return result;
  result.settled = mean_reward(phase.last((phase.size() + 1) / 2));
  result.worst = std::min_element(phase.begin(), phase.end(), [](const auto& a, const auto& b) {
                   return a.reward < b.reward;
                 })->reward;
  std::vector<double> means;
  for (size_t i = 0; i + kSteadyPoints <= phase.size(); ++i) {
    means.push_back(mean_reward(phase.subspan(i, kSteadyPoints)));
  }
  const size_t half = phase.size() / 2;
  if (means.size() <= half) return result;
  const auto [low, high] =
      std::minmax_element(means.begin() + static_cast<std::ptrdiff_t>(half), means.end());
  const auto steady =
      std::find_if(means.begin(), means.end(), [&](double m) { return m >= *low && m <= *high; });
  const auto at = static_cast<size_t>(steady - means.begin());
  result.after = phase[at].time - phase.front().time;
  return result;
}

double early_mean(std::span<const CurvePoint> phase, Nanos length) {
  const auto end = std::find_if(phase.begin(), phase.end(), [&](const CurvePoint& p) {
    return p.time >= phase.front().time + length;
  });
  return mean_reward({phase.begin(), end});
}

}  // namespace quanta
