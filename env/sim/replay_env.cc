#include "env/sim/replay_env.h"

#include <algorithm>
#include <utility>

namespace quanta {

ReplayEnv::ReplayEnv(int cpus, uint32_t max_tasks) : cpus_(cpus), where_(max_tasks, Where::kGone) {}

void ReplayEnv::play(const MachineConfig& machine, Load load, Nanos duration) {
  machine_ = machine;
  load_ = std::move(load);
  duration_ = duration;
}

void ReplayEnv::raise_curtain() {
  MachineConfig machine = machine_;
  machine.seed += ++performances_;
  stage_ = std::make_unique<SimEnv>(machine, load_, SimScheduler::kExt, duration_);
}

void ReplayEnv::follow(const Event& event) {
  Where& where = where_[event.task];
  if (event.kind == EventKind::kNew || event.kind == EventKind::kStop) where = Where::kOff;
  if (event.kind == EventKind::kStart) where = Where::kRunning;
  if (event.kind == EventKind::kExit) where = Where::kGone;
}

void ReplayEnv::drop_curtain() {
  base_ += stage_->now();
  for (TaskId id = 0; id < where_.size(); ++id) {
    if (where_[id] == Where::kGone) continue;
    Event event = stage_->machine().event(EventKind::kExit, id);
    event.time = base_;
    farewell_.push_back(event);
    if (where_[id] == Where::kRunning) {
      event.kind = EventKind::kStop;
      event.reason = StopReason::kPreempted;  // its burst is cut short
      event.cpu = static_cast<int16_t>(stage_->machine().task(id).last_cpu);
      event.ran = event.work = stage_->machine().ran(event.cpu);
      farewell_.push_back(event);
    }
    where_[id] = Where::kGone;
  }
  stage_.reset();
}

size_t ReplayEnv::poll(std::span<Event> out) {
  if (farewell_.empty() && stage_ && stage_->finished()) drop_curtain();
  if (!farewell_.empty()) {
    const size_t n = std::min(out.size(), farewell_.size());
    for (size_t i = 0; i < n; ++i) {
      out[i] = farewell_.back();
      farewell_.pop_back();
    }
    return n;
  }
  if (duration_ == 0) return 0;
  if (!stage_) raise_curtain();
  const size_t n = stage_->poll(out);
  for (Event& event : out.first(n)) {
    event.time += base_;
    follow(event);
  }
  return n;
}

void ReplayEnv::dispatch(std::span<const Decision> decisions) {
  if (!stage_) return;
  decisions_.assign(decisions.begin(), decisions.end());
  for (Decision& decision : decisions_) {
    decision.key -= std::min<uint64_t>(decision.key, base_);
    if (decision.guard != ~Nanos{0}) decision.guard -= std::min(decision.guard, base_);
  }
  stage_->dispatch(decisions_);
}

}  // namespace quanta
