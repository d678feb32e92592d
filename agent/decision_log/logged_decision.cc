#include "agent/decision_log/logged_decision.h"

#include <cmath>
#include <numbers>

#include "agent/guard/arm.h"

namespace quanta {
namespace {

std::string_view arm_of(const Record& r) {
  constexpr float kSame = 0.05F;  // octaves; the kernel knows a bias in sixteenths
  const Grounds& g = r.grounds;
  const auto biased = [](float applied, float taken, float bias) {
    return std::abs(applied - taken - bias) < kSame;
  };
  for (int a = 0; a < kArms; ++a) {
    const Conduct c = conduct_of(static_cast<Arm>(a));
    if (c.burst == g.burst_acts && c.residual == g.residual_acts &&
        biased(g.applied.order, r.act.taken[kActOrder], c.bias.order) &&
        biased(g.applied.preempt, r.act.taken[kActPreempt], c.bias.preempt) &&
        biased(g.applied.slice, r.act.taken[kActSlice], c.bias.slice)) {
      return kArmNames[static_cast<size_t>(a)];
    }
  }
  return "other";
}

}  // namespace

double log_density(const std::array<float, kActions>& taken,
                   const std::array<float, kActions>& mean, double sd) {
  double squares = 0;
  for (size_t a = 0; a < kActions; ++a) {
    const double z = (double{taken[a]} - double{mean[a]}) / sd;
    squares += z * z;
  }
  return -squares / 2 - int{kActions} * (std::log(sd) + std::log(2 * std::numbers::pi) / 2);
}

LoggedDecision logged(const Record& r, const RewardConfig& config, const GoingRates& rates) {
  LoggedDecision d;
  d.time = r.decided;
  d.task = r.task;
  if (r.reward_class >= 0) {
    d.reward_class = config.weighing.classes[static_cast<size_t>(r.reward_class)].name;
  }
  d.arm = arm_of(r);
  d.version = r.act.version;
  d.woken = r.woken;
  d.preempted = r.preempted;
  d.sd = r.act.sd;
  d.log_propensity = d.explored() ? log_density(r.act.taken, r.act.mean, d.sd) : 0;
  d.burst = r.grounds.burst_acts ? r.grounds.applied.burst : 0;
  d.mean = r.act.mean;
  d.taken = r.act.taken;
  d.weight = r.w;
  d.wait = r.wait;
  d.run = r.run;
  const Terms terms = credit(r, config, rates.late_share());
  d.earned = rates.price(r) * static_cast<double>(r.run);
  for (size_t t = 0; t < kTerms; ++t) {
    d.terms[t] = config.weight[t] * terms[t] + 0.0;  // no -0
    d.reward += d.terms[t];
  }
  d.x = r.act.x;
  return d;
}

}  // namespace quanta
