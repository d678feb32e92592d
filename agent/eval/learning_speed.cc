#include "agent/eval/learning_speed.h"

#include <algorithm>

#include "agent/eval/statistics.h"

namespace quanta {

double mean_reward(std::span<const CurvePoint> points) {
  double sum = 0;
  for (const CurvePoint& point : points) sum += point.reward;
  return points.empty() ? 0 : sum / static_cast<double>(points.size());
}

std::vector<CurvePoint> gain_curve(std::span<const CurvePoint> learned,
                                   std::span<const CurvePoint> prior) {
  std::vector<CurvePoint> gain(std::min(learned.size(), prior.size()));
  for (size_t i = 0; i < gain.size(); ++i) {
    gain[i] = {learned[i].time, learned[i].reward - prior[i].reward};
  }
  return gain;
}

LearningSpeed learning_speed(std::span<const CurvePoint> gain) {
  LearningSpeed speed;
  if (gain.empty()) return speed;
  std::vector<double> last;
  for (const CurvePoint& point : gain.last((gain.size() + 3) / 4)) last.push_back(point.reward);
  const Interval final_gain = confidence(last);
  speed.final_gain = final_gain.mean;
  const auto worst = std::min_element(
      gain.begin(), gain.end(),
      [](const CurvePoint& a, const CurvePoint& b) { return a.reward < b.reward; });
  speed.worst = worst->reward;
  speed.worst_time = worst->time;
  if (verdict(final_gain) != Verdict::kBetter) return speed;
  for (size_t i = 0; i + kSteadyPoints <= gain.size(); ++i) {
    if (mean_reward(gain.subspan(i, kSteadyPoints)) < 0.9 * speed.final_gain) continue;
    speed.time90 = gain[i].time;
    break;
  }
  return speed;
}

}  // namespace quanta
