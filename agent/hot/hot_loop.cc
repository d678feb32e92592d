#include "agent/hot/hot_loop.h"

#include <new>

namespace quanta {

size_t HotLoop::step() {
  const size_t n = env_.poll(in_);
  size_t decided = 0;
  for (size_t i = 0; i < n; ++i) {
    const Event& event = in_[i];
    tracker_.update(event);
    if (ledger_ != nullptr) ledger_->update(event);
    if (journal_ != nullptr) journal_->update(event);
    if (meter_ != nullptr) meter_->update(event);
    if (event.kind != EventKind::kEnqueue || policy_ == nullptr) continue;
    const uint64_t before = meter_ != nullptr ? meter_->before_decision() : 0;
    // Made where it stays: assigning it would wait for the stores of its members.
    const Decision& decision = *new (&out_[decided++]) Decision(policy_->decide(event, tracker_));
    if (meter_ != nullptr) meter_->decided(event, decision, before);
    if (journal_ != nullptr)
      journal_->decided(event.task, learned_->act(), decision, learned_->victim());
  }
  if (decided > 0) env_.dispatch({out_.data(), decided});
  if (publisher_ != nullptr) publisher_->quiescent();
  if (gate_ != nullptr) gate_->update(tracker_.now(), *learned_);
  if (meter_ != nullptr && n > 0) meter_->end_pass();
  events_ += n;
  decisions_ += decided;
  return n;
}

}  // namespace quanta
