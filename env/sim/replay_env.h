// The simulator over and over: a load is played from its start to its end, then the newest that was
// given is played. One thread. Time stands still while the agent decides.
//
// At the end of each performance all tasks of the load exit.
#pragma once

#include <memory>
#include <vector>

#include "env/sim/sim_env.h"

namespace quanta {

class ReplayEnv final : public Env {
 public:
  // No load may have more tasks than `max_tasks`.
  ReplayEnv(int cpus, uint32_t max_tasks);

  // From the next performance on. Each has a random stream of its own; `machine` has as many CPUs
  // as this.
  void play(const MachineConfig& machine, Load load, Nanos duration);
  uint64_t performances() const { return performances_; }  // begun

  std::string_view name() const override { return "replay"; }
  int cpus() const override { return cpus_; }
  uint32_t max_tasks() const override { return static_cast<uint32_t>(where_.size()); }
  Nanos now() const override { return base_ + (stage_ ? stage_->now() : 0); }
  size_t poll(std::span<Event> out) override;
  void dispatch(std::span<const Decision> decisions) override;
  bool finished() const override { return false; }
  const TaskInfo& task(TaskId id) const override { return stage_->task(id); }
  bool waits_for_agent() const override { return true; }
  uint64_t stale_decisions() const override { return 0; }
  bool save(std::string&) override { return false; }
  bool load(std::span<const char>) override { return false; }

 private:
  enum class Where : uint8_t { kGone, kOff, kRunning };

  void raise_curtain();
  void follow(const Event& event);
  void drop_curtain();

  int cpus_;
  MachineConfig machine_;
  Load load_;
  Nanos duration_ = 0;  // 0: no load yet
  std::unique_ptr<SimEnv> stage_;
  Nanos base_ = 0;  // when the stage's time began
  std::vector<Where> where_;
  std::vector<Event> farewell_;  // not handed out yet, the last one first
  std::vector<Decision> decisions_;
  uint64_t performances_ = 0;
};

}  // namespace quanta
