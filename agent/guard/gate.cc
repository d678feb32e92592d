#include "agent/guard/gate.h"

#include <cmath>
#include <utility>

namespace quanta {

namespace {
constexpr double kLeastRounds = 4;  // before an arm is judged
}

Gate::Gate(const GateConfig& config, const Ledger& ledger, uint64_t seed)
    : config_(config), ledger_(ledger), guard_(config), rng_(seed, 0x67617465ULL) {}

void Gate::update(Nanos now, LearnedPolicy& policy) {
  guard_.look();
  if (!settled_ && now >= settle_end_) {
    mark_ = ledger_.mark();
    settled_ = true;
  }
  if (now < window_end_) return;
  // Where nothing happened between the two, nothing was measured: the arm's window comes again.
  if (settled_ && !exploring_ && ledger_.mark().time > mark_.time) finish_window(now);
  next_window(now, policy);
}

void Gate::finish_window(Nanos now) {
  const TermsAndTotal earned = with_total(ledger_.rates_since(mark_));
  // All that was measured before is of another load, and a comparison may have begun in it.
  if (acting_ == kArmPrior && guard_.prior_earned(earned[kTotal], best() == kArmPrior))
    return forget();
  if (!comparing_) return;
  Round& round = pair_.members > 0 ? pair_ : round_;
  round.rewards[static_cast<size_t>(acting_)] = earned;
  ++round.position;
  if (!round.over()) return;
  const Round finished = std::exchange(round, Round());
  const bool of_all = &round == &round_;
  ++(of_all ? rounds_ : pairs_);
  unpaired_ = 0;
  if (of_all) {
    ++fresh_rounds_;
    bool nothing = true;
    for (int i = 0; i < finished.members; ++i) {
      const auto a = static_cast<size_t>(finished.order[static_cast<size_t>(i)]);
      nothing = nothing && finished.rewards[a][kTotal] == 0;
    }
    guard_.round(nothing);
  }
  compare(finished, now);
}

void Gate::compare(const Round& round, Nanos now) {
  const double keep = std::exp(-1 / config_.memory);
  const Arm acts = best();
  bool taken_back = false;
  for (int i = 0; i < round.members; ++i) {
    const Arm arm = round.order[static_cast<size_t>(i)];
    if (arm == kArmPrior) continue;
    TermsAndTotal difference = round.rewards[static_cast<size_t>(arm)];
    for (size_t t = 0; t < difference.size(); ++t) difference[t] -= round.rewards[kArmPrior][t];
    if (arm == acts) lead_.add(difference[kTotal], uplift(arm));
    sums_[static_cast<size_t>(arm)].add(difference, keep);
    taken_back = guard_.compared(arm, arm == acts, difference, now) || taken_back;
  }
  if (taken_back) return forget_learned();
  // Not while the guard looks whether the policy is to blame.
  if (guard_.suspect() != kArmPrior || !lead_.is_lost(config_.drift)) return;
  guard_.lead_lost();
  forget();
}

// The weights are others now.
void Gate::forget_learned() {
  for (int a = 0; a < kArms; ++a) {
    if (is_learned(static_cast<Arm>(a))) sums_[static_cast<size_t>(a)] = {};
  }
  lead_ = {};
  round_ = {};
  pair_ = {};
}

void Gate::forget() {
  sums_ = {};
  lead_ = {};
  round_ = {};
  pair_ = {};
  fresh_rounds_ = 0;
}

bool Gate::surely_worse(Arm arm) const {
  const Uplift u = uplift(arm);
  return u.rounds >= kLeastRounds && u.mean < -config_.caution * u.standard_error;
}

double Gate::pace() const {
  return static_cast<double>(fresh_rounds_) < config_.warmup ? 1 : config_.settled;
}

void Gate::begin_round() {
  constexpr double kSecondChance = 0.125;  // of an arm that is surely worse: loads change
  round_ = {};
  for (int a = 0; a < kArms; ++a) {
    const Arm arm = static_cast<Arm>(a);
    if (arm != kArmPrior && !guard_.hears()) continue;
    if (is_learned(arm) && !guard_.trusts()) continue;
    if (surely_worse(arm) && rng_.uniform() >= kSecondChance) continue;
    round_.order[static_cast<size_t>(round_.members++)] = arm;
  }
  for (auto i = static_cast<size_t>(round_.members) - 1; i > 0; --i) {
    std::swap(round_.order[i], round_.order[rng_.below(static_cast<uint32_t>(i + 1))]);
  }
}

bool Gate::begins_pair(Arm best, bool due) {
  if (best == kArmPrior) return false;
  if (!due && rng_.uniform() >= config_.prior / (1 - config_.prior)) return false;
  begin_pair(best);
  return true;
}

void Gate::begin_pair(Arm arm) {
  unpaired_ = 0;
  const bool first = rng_.below(2) == 0;
  pair_.order[0] = first ? kArmPrior : arm;
  pair_.order[1] = first ? arm : kArmPrior;
  pair_.members = 2;
}

void Gate::next_window(Nanos now, LearnedPolicy& policy) {
  const double share = pace();
  guard_.signals().pace.store(share, std::memory_order_relaxed);
  const double dice = rng_.uniform();
  const bool alone = guard_.checks_prior();
  const Arm chosen = alone ? kArmPrior : best();
  const bool due = static_cast<double>(++unpaired_) >= 2 / config_.prior - 2;
  exploring_ = comparing_ = false;
  if (pair_.members == 0 && guard_.suspect() != kArmPrior) begin_pair(guard_.suspect());
  if (alone) {
    // Neither compared nor explored.
  } else if (pair_.members > 0 || (due && begins_pair(chosen, due))) {
    comparing_ = true;
  } else if (dice < share * config_.explore) {
    exploring_ = guard_.may_explore(now);
  } else if (dice < share * (config_.explore + config_.compare)) {
    comparing_ = true;
    if (round_.position == 0) begin_round();
  } else {
    comparing_ = begins_pair(chosen, due);
  }
  if (comparing_) {
    acting_ = pair_.members > 0 ? pair_.next() : round_.next();
    if (is_learned(acting_) && !guard_.trusts()) {  // a round from before it was taken back
      round_ = pair_ = {};
      comparing_ = false;
      acting_ = chosen;
    }
  } else if (exploring_) {  // not on top of a burst head that does harm
    acting_ = surely_worse(kArmFull) ? kArmResidual : kArmFull;
  } else {
    acting_ = chosen;
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

Uplift Gate::uplift(Arm arm, size_t term) const {
  return sums_[static_cast<size_t>(arm)].of(term);
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
