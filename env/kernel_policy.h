// A policy that the environment evaluates by itself: the agent gives it weights, and learns from
// what it tells of its decisions. How a kernel that decides without a round trip looks from here.
//
// One thread, the hot one. Nothing here throws; only publish() may wait.
#pragma once

#include "bpf/intf.h"
#include "env/env.h"

namespace quanta {

class KernelPolicy {
 public:
  virtual ~KernelPolicy() = default;

  // These weights decide from now on. Waits (milliseconds) until nobody reads those before the last
  // ones.
  virtual void publish(const quanta_network& network) = 0;
  // What acts of them, at once.
  virtual void act_with(const quanta_conduct& conduct) = 0;
  // Reward weight of a task that belongs to a class; 0: it has none. After its kNew or kExec.
  virtual void weigh(TaskId task, float weight) = 0;
  // What was decided for a kEnqueue with kJudged out of the last poll(); null: it is not recorded.
  virtual const quanta_judgement* judgement(const Event& event) const = 0;
};

}  // namespace quanta
