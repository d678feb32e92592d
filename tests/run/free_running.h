// An environment that does not wait for the agent: the simulator behind an Env that says so.
#pragma once

#include "tests/run/passing_env.h"

namespace quanta {

class FreeRunning final : public PassingEnv {
 public:
  using PassingEnv::PassingEnv;

  std::string_view name() const override { return "free-running"; }
  bool waits_for_agent() const override { return false; }
  bool save(std::string&) override { return false; }
  bool load(std::span<const char>) override { return false; }
};

}  // namespace quanta
