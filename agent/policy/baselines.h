// Policies to compare with. Each is a few lines: what it is, where it comes from.
#pragma once

#include <vector>

#include "agent/policy/index.h"
#include "agent/policy/policy.h"

namespace quanta {

// First come, first served, in slices of 2 ms; nobody is preempted.
class FifoPolicy final : public Policy {
 public:
  Decision decide(const Event& event, Tracker& tracker) override;

 private:
  uint64_t next_ = 0;
};

// vruntime bookkeeping that the deadline rules share: charged per weight, and a sleeper's vruntime
// is moved up to at most one `lag` behind the latest that was served.
class Vruntime {
 public:
  Vruntime(uint32_t max_tasks, Nanos lag) : entries_(max_tasks), lag_(lag) {}
  // Virtual time of the task now, ns at nice 0.
  uint64_t of(TaskId id, const Tracker& tracker);

 private:
  struct Entry {
    Nanos born = 0;
    Nanos charged = 0;  // CPU time that `vruntime` already counts
    uint64_t vruntime = 0;
  };
  std::vector<Entry> entries_;
  uint64_t latest_ = 0;
  Nanos lag_;
};

// The rule of scx_rustland: deadline = vruntime + CPU time since the last sleep (capped); slices
// shrink with the number of waiting tasks; no preemption.
class DeadlinePolicy final : public Policy {
 public:
  explicit DeadlinePolicy(uint32_t max_tasks);
  Decision decide(const Event& event, Tracker& tracker) override;

 private:
  Vruntime vruntime_;
};

// The label-free heuristic: deadline order, preempt a running task whose deadline is later by more
// than 100 us unless it is a peer (same name), slices of 1 ms.
class HeuristicPolicy final : public Policy {
 public:
  explicit HeuristicPolicy(uint32_t max_tasks);
  Decision decide(const Event& event, Tracker& tracker) override;

 private:
  Vruntime vruntime_;
  std::vector<uint64_t> deadlines_;  // per task, of its last decision
};

// The prior: the index without learning.
class IndexPolicy final : public Policy {
 public:
  explicit IndexPolicy(const IndexConfig& config) : config_(config) {}
  Decision decide(const Event& event, Tracker& tracker) override {
    return quanta::decide(tracker, assess(tracker, event.task), Residual{}, event.generation,
                          config_);
  }

 private:
  IndexConfig config_;
};

// The index with the true remaining CPU time in place of the expected one.
class ClairvoyantPolicy final : public Policy {
 public:
  ClairvoyantPolicy(const IndexConfig& config, const BurstOracle& oracle)
      : config_(config), oracle_(oracle) {}
  Decision decide(const Event& event, Tracker& tracker) override;

 private:
  IndexConfig config_;
  const BurstOracle& oracle_;
};

}  // namespace quanta
