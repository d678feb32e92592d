#include "agent/eval/learning_speed.h"

#include <algorithm>

namespace quanta {
namespace {

constexpr size_t kWindow = 5;

double mean(std::span<const CurvePoint> points) {
  double sum = 0;
  for (const CurvePoint& point : points) sum += point.reward;
  return sum / static_cast<double>(points.size());
}

}  // namespace

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
  speed.final_gain = mean(gain.last((gain.size() + 3) / 4));
  const auto worst = std::min_element(
      gain.begin(), gain.end(),
      [](const CurvePoint& a, const CurvePoint& b) { return a.reward < b.reward; });
  speed.worst = worst->reward;
  speed.worst_time = worst->time;
  if (speed.final_gain <= 0) return speed;
  for (size_t i = 0; i + kWindow <= gain.size(); ++i) {
    if (mean(gain.subspan(i, kWindow)) < 0.9 * speed.final_gain) continue;
    speed.time90 = gain[i].time;
    break;
  }
  return speed;
}

}  // namespace quanta
