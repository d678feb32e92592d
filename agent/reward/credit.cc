#include "agent/reward/credit.h"

#include <algorithm>
#include <cmath>

namespace quanta {

Terms credit(const Record& r, const RewardConfig& config) {
  Terms t{};
  const double w = r.w;
  const double wait = static_cast<double>(r.wait);
  const double cost = static_cast<double>(config.switch_cost);
  t[kTermWait] = -w * wait - static_cast<double>(r.caused);
  t[kTermThroughput] = r.importance * static_cast<double>(r.work);
  t[kTermSwitch] = -cost;
  t[kTermFairness] = -static_cast<double>(r.overdue);
  if (r.woken && r.wait > config.latency_target) {
    t[kTermLatency] = -w * static_cast<double>(r.wait - config.latency_target);
  }
  if (r.preempted) {
    t[kTermSwitch] -= cost * (r.victim_w + r.others + 1);
  }
  if (r.displaced) {
    t[kTermWait] -= r.victim_w * static_cast<double>(r.victim_wait);
    t[kTermThroughput] -= static_cast<double>(r.victim_loss);
  }
  if (r.slept) {
    const double response = static_cast<double>(r.response);
    t[kTermSlowdown] = -w * static_cast<double>(config.slowdown_unit) *
                       std::log2(std::max(1.0, response / std::max<double>(r.activation, 1e3)));
    if (r.reward_class >= 0) {
      const Nanos deadline = config.weighing.classes[static_cast<size_t>(r.reward_class)].deadline;
      if (deadline > 0 && r.response > deadline) {
        t[kTermDeadline] = -static_cast<double>(config.deadline_cost);
      }
    }
  }
  return t;
}

double earned_by_run(const Record& r, const Terms& terms, const RewardConfig& config) {
  const double own = r.w * static_cast<double>(r.wait);
  return config.weight[kTermWait] * (terms[kTermWait] + own) +
         config.weight[kTermThroughput] * terms[kTermThroughput] +
         config.weight[kTermSwitch] * terms[kTermSwitch];
}

}  // namespace quanta
