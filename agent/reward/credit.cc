#include "agent/reward/credit.h"

#include <algorithm>
#include <cmath>

namespace quanta {

namespace {

// Expected to compute for longer than this, a task is taken to go on for ever: log2 of 50 ms.
constexpr float kEndless = 25.58F;

double real(Nanos t) {
  return static_cast<double>(t);
}

double lateness(const Record& r, const RewardConfig& config) {
  return r.woken && r.wait > config.latency_target ? r.w * real(r.wait - config.latency_target) : 0;
}

double useless(const Record& r) {
  return r.importance * real(r.run - std::min(r.work, r.run));
}

}  // namespace

size_t GoingRates::kind_of(const Record& r) {
  const int octave = static_cast<int>(r.act.prior_rem) - kFirstOctave;
  return static_cast<size_t>(std::clamp(octave, 0, kOctaves - 1)) * 2 + (r.woken ? 1 : 0);
}

void GoingRates::add(const Record& r, const RewardConfig& config) {
  double cost = config.weight[kTermSwitch] * real(config.switch_cost) +
                config.weight[kTermThroughput] * useless(r);
  if (r.act.prior_rem < kEndless) {
    cost += config.weight[kTermWait] * r.w * real(r.wait) +
            config.weight[kTermLatency] * lateness(r, config);
  }
  Kind& kind = kinds_[kind_of(r)];
  kind.cost += kRate * (cost - kind.cost);
  kind.run += kRate * (real(r.run) - kind.run);
  if (!r.woken) return;
  waited_ += kRate * (r.w * real(r.wait) - waited_);
  late_ += kRate * (lateness(r, config) - late_);
}

double GoingRates::price(const Record& r) const {
  const Kind& kind = kinds_[kind_of(r)];
  return kind.run > 0 ? kind.cost / kind.run : 0;
}

Terms credit(const Record& r, const RewardConfig& config, double late_share) {
  Terms t{};
  const double cost = real(config.switch_cost);
  t[kTermWait] = -double{r.caused};
  t[kTermLatency] = -late_share * double{r.caused_woken};
  t[kTermThroughput] = -useless(r);
  t[kTermSwitch] = -cost;
  if (r.preempted) t[kTermSwitch] -= cost * (r.victim_w + r.others + 1);
  if (r.displaced) t[kTermThroughput] -= real(r.victim_loss);
  if (!r.slept) return t;
  t[kTermWait] -= r.w * real(r.wait);
  t[kTermLatency] -= lateness(r, config);
  t[kTermSlowdown] =
      -double{r.w} * real(config.slowdown_unit) *
      std::log2(std::max(1.0, real(r.response) / std::max<double>(r.activation, 1e3)));
  if (r.reward_class >= 0) {
    const Nanos deadline = config.weighing.classes[static_cast<size_t>(r.reward_class)].deadline;
    if (deadline > 0 && r.response > deadline) t[kTermDeadline] = -real(config.deadline_cost);
  }
  return t;
}

}  // namespace quanta
