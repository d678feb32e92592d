// What decides: one decision per enqueued task, from what the tracker knows.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "agent/features/tracker.h"
#include "env/env.h"

namespace quanta {

class Policy {
 public:
  virtual ~Policy() = default;
  // Hot path: no allocation, lock, system call or exception. `event` is a kEnqueue that the tracker
  // has already taken in.
  virtual Decision decide(const Event& event, Tracker& tracker) = 0;
};

}  // namespace quanta
