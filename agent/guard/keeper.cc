#include "agent/guard/keeper.h"

#include <fmt/format.h>

#include <utility>

namespace quanta {

Keeper::Keeper(Learner* learner, Trainer* trainer, const Weights& untrained, Publisher& publisher,
               GuardSignals& signals, Say say)
    : untrained_(untrained),
      learner_(learner),
      trainer_(trainer),
      publisher_(publisher),
      signals_(signals),
      say_(std::move(say)) {
  if (learner_ != nullptr) fresh_ = learner_->save();
}

void Keeper::begin() {
  asked_ = signals_.asked();
  marks_ = signals_.good.load(std::memory_order_acquire);
  changes_ = signals_.changes();
  silences_ = signals_.count(Intervention::kNoSignal);
}

std::string Keeper::why() const {
  const Arm arm = signals_.arm.load(std::memory_order_relaxed);
  const Intervention reason = signals_.reason.load(std::memory_order_relaxed);
  return fmt::format(
      "{}: '{}' earned {:+.4f} +-{:.4f} against the prior",
      kInterventionNames[static_cast<size_t>(reason)], kArmNames[static_cast<size_t>(arm)],
      signals_.mean.load(std::memory_order_relaxed), signals_.half.load(std::memory_order_relaxed));
}

// What needs no rollback.
void Keeper::follow() {
  const uint64_t marks = signals_.good.load(std::memory_order_acquire);
  if (marks != marks_ && learner_ != nullptr) {
    const std::string state = learner_->save();
    good_.assign(state.begin(), state.end());
    tried_ = false;
  }
  marks_ = marks;
  if (const uint64_t n = signals_.changes(); n != changes_) {
    changes_ = n;
    if (learner_ != nullptr) learner_->explore_anew();
    const Intervention sign = signals_.sign.load(std::memory_order_relaxed);
    say_(fmt::format("guard: {}: {}; all is compared and explored anew",
                     kInterventionNames[static_cast<size_t>(sign)],
                     sign == Intervention::kDrift
                         ? "the prior's reward is another than before"
                         : "what acts is no longer as far ahead of the prior as it was"));
  }
  if (const uint64_t n = signals_.count(Intervention::kNoSignal); n != silences_) {
    silences_ = n;
    say_("guard: no_signal: whatever acts earns nothing; nothing is explored until that changes");
  }
}

bool Keeper::take_back(const std::string& why) {
  const bool gives_good = !good_.empty() && !std::exchange(tried_, true);
  Weights weights = untrained_;
  if (learner_ != nullptr) {
    Status loaded;
    if (gives_good) loaded = learner_->load({good_.data(), good_.size()});
    if (!gives_good || !loaded) {
      good_.clear();
      tried_ = false;
      static_cast<void>(learner_->load(fresh_));  // its own
    }
    trainer_->forget();
    learner_->snapshot(weights);
  }
  pending_ = !publisher_.publish(weights);
  say_(fmt::format("guard: {}; back to the {} policy", why,
                   gives_good ? fmt::format("last good (update {})", weights.version)
                              : std::string("untrained")));
  return true;
}

bool Keeper::step() {
  follow();
  bool taken_back = false;
  const uint64_t asked = signals_.asked();
  if (asked != asked_) {
    asked_ = asked;
    taken_back = take_back(why());
  } else if (trainer_ != nullptr && trainer_->unfit()) {
    signals_.add(Intervention::kUnfit);
    taken_back = take_back("unfit_weights: what was learned is not finite, or huge");
  } else if (pending_) {
    Weights weights = untrained_;
    if (learner_ != nullptr) learner_->snapshot(weights);
    pending_ = !publisher_.publish(weights);
  }
  // Release: pairs with the acquire in Guard::look().
  if (!pending_) signals_.done.store(asked, std::memory_order_release);
  return taken_back;
}

}  // namespace quanta
