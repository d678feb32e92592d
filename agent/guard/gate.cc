#include "agent/guard/gate.h"

#include <cmath>
#include <utility>

#include "agent/config/section.h"

namespace quanta {

const std::array<std::string_view, kArms> kArmNames = {"prior", "burst",  "residual", "full",
                                                       "fine",  "coarse", "calm"};

namespace {
constexpr double kLeastRounds = 4;  // before an arm is judged
}

void read(Section& section, GateConfig& config) {
  section.duration("window", config.window, kMillisecond, 10 * kSecond);
  section.duration("settle", config.settle, 0, kSecond);
  section.number("explore", config.explore, 0, 1);
  section.number("compare", config.compare, 0, 1);
  section.number("settled", config.settled, 0, 1);
  section.number("warmup", config.warmup, 0, 1e6);
  section.number("memory", config.memory, 2, 1e6);
  section.number("caution", config.caution, 0, 10);
  section.integer("watch", config.watch, 1, 1'000'000);
  if (config.explore + config.compare > 1) section.complain("compare", "at most 1 - 'explore'");
  if (config.settle >= config.window) section.complain("settle", "less than 'window'");
}

Conduct conduct_of(Arm arm) {
  Conduct c{.burst = arm == kArmBurst || arm == kArmFull,
            .residual = arm == kArmResidual || arm == kArmFull,
            .explore = false,
            .observe = true,
            .bias = {}};
  if (arm == kArmFine) c.bias.slice = -1;
  if (arm == kArmCoarse) c.bias.slice = 1.6F;
  if (arm == kArmCalm) c.bias.preempt = 3;
  return c;
}

Gate::Gate(const GateConfig& config, const Ledger& ledger, uint64_t seed)
    : config_(config), ledger_(ledger), rng_(seed, 0x67617465ULL) {}

void Gate::update(Nanos now, LearnedPolicy& policy) {
  if (!settled_ && now >= settle_end_) {
    mark_ = ledger_.mark();
    settled_ = true;
  }
  if (now < window_end_) return;
  // Where nothing happened between the two, nothing was measured: the arm's window comes again.
  if (comparing_ && ledger_.mark().time > mark_.time) finish_window();
  next_window(now, policy);
}

void Gate::finish_window() {
  rewards_[static_cast<size_t>(acting_)] = ledger_.rate_since(mark_);
  if (++position_ == members_) finish_round();
}

void Gate::begin_round() {
  constexpr double kSecondChance = 0.125;  // of an arm that is surely worse: loads change
  members_ = 0;
  for (int a = 0; a < kArms; ++a) {
    const Arm arm = static_cast<Arm>(a);
    const Uplift u = uplift(arm);
    const bool worse = u.rounds >= kLeastRounds && u.mean < -config_.caution * u.standard_error;
    if (worse && rng_.uniform() >= kSecondChance) continue;
    order_[static_cast<size_t>(members_++)] = arm;
  }
  for (auto i = static_cast<size_t>(members_) - 1; i > 0; --i) {
    std::swap(order_[i], order_[rng_.below(static_cast<uint32_t>(i + 1))]);
  }
}

void Gate::finish_round() {
  position_ = 0;
  ++rounds_;
  const double keep = std::exp(-1 / config_.memory);
  for (int i = 0; i < members_; ++i) {
    const auto a = static_cast<size_t>(order_[static_cast<size_t>(i)]);
    const double difference = rewards_[a] - rewards_[kArmPrior];
    Sums& s = sums_[a];
    s.weight = keep * s.weight + 1;
    s.weight2 = keep * keep * s.weight2 + 1;
    s.m2 *= keep;
    const double delta = difference - s.mean;  // West (1979), weighted
    s.mean += delta / s.weight;
    s.m2 += delta * (difference - s.mean);
  }
}

void Gate::next_window(Nanos now, LearnedPolicy& policy) {
  const double share = static_cast<double>(rounds_) < config_.warmup ? 1 : config_.settled;
  const double dice = rng_.uniform();
  exploring_ = dice < share * config_.explore;
  comparing_ = !exploring_ && dice < share * (config_.explore + config_.compare);
  if (comparing_) {
    if (position_ == 0) begin_round();
    acting_ = order_[static_cast<size_t>(position_)];
  } else {
    acting_ = exploring_ ? kArmFull : best();
  }
  Conduct conduct = conduct_of(acting_);
  conduct.explore = exploring_;
  conduct.observe = exploring_ || comparing_ || ++unwatched_ >= config_.watch;
  if (conduct.observe) unwatched_ = 0;
  policy.act_with(conduct);
  window_end_ = now + config_.window;
  settle_end_ = now + config_.settle;
  settled_ = false;
}

Uplift Gate::uplift(Arm arm) const {
  const Sums& s = sums_[static_cast<size_t>(arm)];
  Uplift u;
  if (s.weight2 <= 0) return u;
  u.rounds = s.weight * s.weight / s.weight2;
  u.mean = s.mean;
  if (u.rounds > 1) {
    const double variance = s.m2 / s.weight * u.rounds / (u.rounds - 1);
    u.standard_error = std::sqrt(variance / u.rounds);
  }
  return u;
}

Arm Gate::best() const {
  Arm best = kArmPrior;
  double most = 0;
  for (int a = kArmPrior + 1; a < kArms; ++a) {
    const Arm arm = static_cast<Arm>(a);
    const Uplift u = uplift(arm);
    if (u.rounds < kLeastRounds || u.mean <= config_.caution * u.standard_error || u.mean <= most)
      continue;
    most = u.mean;
    best = arm;
  }
  return best;
}

}  // namespace quanta
