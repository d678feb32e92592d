// An environment that does not wait for the agent: the simulator behind an Env that says so.
#pragma once

#include "env/env.h"

namespace quanta {

class FreeRunning final : public Env {
 public:
  explicit FreeRunning(Env& env) : env_(env) {}

  std::string_view name() const override { return "free-running"; }
  int cpus() const override { return env_.cpus(); }
  uint32_t max_tasks() const override { return env_.max_tasks(); }
  Nanos now() const override { return env_.now(); }
  size_t poll(std::span<Event> out) override { return env_.poll(out); }
  void dispatch(std::span<const Decision> decisions) override { env_.dispatch(decisions); }
  bool finished() const override { return env_.finished(); }
  const TaskInfo& task(TaskId id) const override { return env_.task(id); }
  bool waits_for_agent() const override { return false; }
  bool save(std::string&) override { return false; }
  bool load(std::span<const char>) override { return false; }
  uint64_t stale_decisions() const override { return env_.stale_decisions(); }

 private:
  Env& env_;
};

}  // namespace quanta
