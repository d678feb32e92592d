#include "agent/hot/hot_loop.h"

#include <new>

namespace quanta {

void HotLoop::take_judged(KernelLink& kernel, const Event& event) {
  KernelLink::Judged judged;
  if (!kernel.read(event, judged)) return;
  tracker_.task(event.task).slice = judged.decision.slice;
  if (meter_ != nullptr) meter_->decided(event, judged.decision, 0);
  journal_->decided(event.task, judged.act, judged.grounds, judged.decision, judged.victim);
}

void HotLoop::named(TaskId task) {
  const TaskView& view = tracker_.task(task);
  if (kernel_) kernel_->named(task, view);
  if (names_ != nullptr) names_->set(task, env_.task(task), view.reward_class);
}

void HotLoop::decide(const Event& event, Decision* decision) {
  const uint64_t before = meter_ != nullptr ? meter_->before_decision() : 0;
  // Made where it stays: assigning it would wait for the stores of its members.
  new (decision) Decision(policy_->decide(event, tracker_));
  if (meter_ != nullptr) meter_->decided(event, *decision, before);
  if (journal_ != nullptr)
    journal_->decided(event.task, learned_->act(), learned_->grounds(), *decision,
                      learned_->victim());
}

size_t HotLoop::step() {
  const size_t n = env_.poll(in_);
  size_t decided = 0;
  for (size_t i = 0; i < n; ++i) {
    const Event& event = in_[i];
    tracker_.update(event);
    if (ledger_ != nullptr) ledger_->update(event);
    if (journal_ != nullptr) journal_->update(event);
    if (meter_ != nullptr) meter_->update(event);
    if (event.kind == EventKind::kNew || event.kind == EventKind::kExec) named(event.task);
    if (event.kind == EventKind::kExit && names_ != nullptr) names_->clear(event.task);
    if (event.kind != EventKind::kEnqueue || policy_ == nullptr) continue;
    if (kernel_ && (event.flags & kJudged) != 0)
      take_judged(*kernel_, event);
    else
      decide(event, &out_[decided++]);
  }
  if (decided > 0) env_.dispatch({out_.data(), decided});
  if (publisher_ != nullptr) publisher_->quiescent();
  if (gate_ != nullptr) gate_->update(kernel_ ? env_.now() : tracker_.now(), *learned_);
  if (kernel_) {
    kernel_->keep_up(publisher_->current(), learned_->conduct());
    if (meter_ != nullptr) meter_->refused(kernel_->refused());
  }
  if (meter_ != nullptr && n > 0) meter_->end_pass();
  events_ += n;
  decisions_ += decided;
  return n;
}

}  // namespace quanta
