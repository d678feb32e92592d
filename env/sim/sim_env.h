// The simulator as an Env. One thread. Time stands still while the agent decides.
#pragma once

#include <memory>

#include "env/env.h"
#include "env/sim/machine.h"

namespace quanta {

// kExt asks the agent; the others are the kernel's own schedulers, to compare with: their kEnqueue
// events want no decision.
enum class SimScheduler : uint8_t { kExt, kEevdf };

class ExtClass;

class SimEnv final : public Env {
 public:
  SimEnv(const MachineConfig& config, const Load& load, SimScheduler scheduler, Nanos duration);
  ~SimEnv() override;

  std::string_view name() const override { return "sim"; }
  int cpus() const override { return machine_.cpus(); }
  uint32_t max_tasks() const override { return machine_.max_tasks(); }
  Nanos now() const override { return machine_.now(); }
  size_t poll(std::span<Event> out) override;
  void dispatch(std::span<const Decision> decisions) override;
  bool finished() const override { return !events_.spilling() && machine_.now() >= end_; }
  const TaskInfo& task(TaskId id) const override { return machine_.info(id); }
  bool waits_for_agent() const override { return true; }
  uint64_t stale_decisions() const override;
  bool save(std::string& state) override;
  bool load(std::span<const char> state) override;

  Machine& machine() { return machine_; }
  const Machine& machine() const { return machine_; }
  void extend(Nanos end) { end_ = end; }  // run on until `end`

 private:
  Machine machine_;
  std::unique_ptr<SchedClass> class_;
  ExtClass* ext_ = nullptr;  // class_, if it is one
  EventSink events_;
  Nanos end_;
};

}  // namespace quanta
