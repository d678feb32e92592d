#include "agent/policy/learned.h"

#include <algorithm>
#include <cmath>

#include "agent/config/section.h"

namespace quanta {

namespace {

// Quantiles of the standard normal distribution at (i + 1/2) / kQuantiles: one table look-up a
// draw, bounded by construction (3.7 standard deviations).
constexpr uint32_t kQuantiles = 4096;

// Acklam's rational approximation of the inverse normal distribution function, |error| < 1.2e-9.
double normal_quantile(double p) {
  static constexpr double a[] = {-3.969683028665376e+01, 2.209460984245205e+02,
                                 -2.759285104469687e+02, 1.383577518672690e+02,
                                 -3.066479806614716e+01, 2.506628277459239e+00};
  static constexpr double b[] = {-5.447609879822406e+01, 1.615858368580409e+02,
                                 -1.556989798598866e+02, 6.680131188771972e+01,
                                 -1.328068155288572e+01};
  static constexpr double c[] = {-7.784894002430293e-03, -3.223964580411365e-01,
                                 -2.400758277161838e+00, -2.549732539343734e+00,
                                 4.374664141464968e+00,  2.938163982698783e+00};
  static constexpr double d[] = {7.784695709041462e-03, 3.224671290700398e-01,
                                 2.445134137142996e+00, 3.754408661907416e+00};
  const auto tail = [](double q) {
    return (((((c[0] * q + c[1]) * q + c[2]) * q + c[3]) * q + c[4]) * q + c[5]) /
           ((((d[0] * q + d[1]) * q + d[2]) * q + d[3]) * q + 1);
  };
  if (p < 0.02425) return tail(std::sqrt(-2 * std::log(p)));
  if (p > 1 - 0.02425) return -tail(std::sqrt(-2 * std::log(1 - p)));
  const double q = p - 0.5;
  const double r = q * q;
  return (((((a[0] * r + a[1]) * r + a[2]) * r + a[3]) * r + a[4]) * r + a[5]) * q /
         (((((b[0] * r + b[1]) * r + b[2]) * r + b[3]) * r + b[4]) * r + 1);
}

}  // namespace

const std::array<float, kQuantiles>& normal_quantiles() {
  static const std::array<float, kQuantiles> table = [] {
    std::array<float, kQuantiles> t;
    for (uint32_t i = 0; i < kQuantiles; ++i) {
      t[i] = static_cast<float>(normal_quantile((i + 0.5) / kQuantiles));
    }
    return t;
  }();
  return table;
}

void read(Section& section, ExplorationConfig& config) {
  section.number("share", config.share, 0, 1);
  section.boolean("order", config.order);
}

LearnedPolicy::LearnedPolicy(Publisher& publisher, const IndexConfig& index,
                             const ExplorationConfig& exploration, uint64_t seed)
    : publisher_(publisher),
      index_(index),
      exploration_(exploration),
      rng_(seed, 0x6578706c6f7265ULL) {
  normal_quantiles();  // built before the hot loop runs
}

Decision LearnedPolicy::decide(const Event& event, Tracker& tracker) {
  const Situation situation = assess(tracker, event.task);
  const Weights& weights = publisher_.current();
  extract(tracker, situation, act_.x);
  Outputs y{};
  if (conduct_.burst || conduct_.residual) forward(weights, act_.x, y);  // else nobody asks

  const float burst = conduct_.burst ? within(y[kHeadBurst], kMaxResidual) : 0.0F;
  act_.mean = conduct_.residual ? residual_means(y) : std::array<float, kActions>{};
  act_.taken = act_.mean;
  act_.sd = 0;
  act_.prior_rem = std::log2(static_cast<float>(situation.rem));
  act_.version = weights.version;
  victim_ = situation.victim;

  const TaskView& t = tracker.task(event.task);
  if (conduct_.explore && conduct_.residual && weights.exploration_sd > 0 && !t.kernel_thread &&
      t.due > tracker.now() && (exploration_.share >= 1 || rng_.uniform() < exploration_.share)) {
    uint64_t bits = rng_.next();
    for (int a = exploration_.order ? kActOrder : kActOrder + 1; a < kActions; ++a) {
      act_.taken[static_cast<size_t>(a)] +=
          weights.exploration_sd * normal_quantiles()[bits % kQuantiles];
      bits /= kQuantiles;
    }
    act_.sd = weights.exploration_sd;
  }
  const Residual& bias = conduct_.bias;
  const Residual residual{.burst = burst + bias.burst,
                          .order = act_.taken[kActOrder] + bias.order,
                          .preempt = act_.taken[kActPreempt] + bias.preempt,
                          .slice = act_.taken[kActSlice] + bias.slice};
  const bool victim = situation.victim_cpu != kNoCpu;
  grounds_ = {.applied = residual,
              .saved = static_cast<float>(static_cast<int64_t>(situation.saved)),
              .victim_w = victim ? tracker.task(situation.victim).w : 0.0F,
              .burst_acts = conduct_.burst,
              .residual_acts = conduct_.residual,
              .pad = {}};
  return quanta::decide(tracker, situation, residual, event.generation, index_);
}

}  // namespace quanta
