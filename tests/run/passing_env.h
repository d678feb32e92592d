// An environment that passes everything on, for those that change something on the way.
#pragma once

#include "env/env.h"

namespace quanta {

class PassingEnv : public Env {
 public:
  explicit PassingEnv(Env& env) : env_(env) {}

  std::string_view name() const override { return env_.name(); }
  int cpus() const override { return env_.cpus(); }
  uint32_t max_tasks() const override { return env_.max_tasks(); }
  Nanos now() const override { return env_.now(); }
  size_t poll(std::span<Event> out) override { return env_.poll(out); }
  void dispatch(std::span<const Decision> decisions) override { env_.dispatch(decisions); }
  bool finished() const override { return env_.finished(); }
  const TaskInfo& task(TaskId id) const override { return env_.task(id); }
  bool waits_for_agent() const override { return env_.waits_for_agent(); }
  bool save(std::string& state) override { return env_.save(state); }
  bool load(std::span<const char> state) override { return env_.load(state); }
  uint64_t stale_decisions() const override { return env_.stale_decisions(); }

 private:
  Env& env_;
};

}  // namespace quanta
