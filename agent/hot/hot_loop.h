// The hot path: drain, extract, decide, dispatch, publish. No lock, allocation, exception, or
// system call per decision; everything it touches is allocated before it starts. One thread.
#pragma once

#include <array>
#include <optional>

#include "agent/guard/gate.h"
#include "agent/hot/journal.h"
#include "agent/hot/kernel_link.h"
#include "agent/hot/meter.h"
#include "agent/hot/name_table.h"
#include "agent/policy/learned.h"
#include "agent/policy/policy.h"
#include "agent/reward/ledger.h"
#include "env/env.h"

namespace quanta {

class HotLoop {
 public:
  // All outlive the loop. `ledger` may be null; without a policy the loop only watches.
  HotLoop(Env& env, Tracker& tracker, Policy* policy, Ledger* ledger)
      : env_(env), tracker_(tracker), policy_(policy), ledger_(ledger) {}

  // The learned policy: decisions, its own or those that an environment has made with its weights,
  // are journalled for the learner, weights come from `publisher`,
  // and `gate`, if there is one, says which heads act, and `meter`, if there is one, counts.
  HotLoop(Env& env, Tracker& tracker, LearnedPolicy& policy, Ledger* ledger, Journal& journal,
          Publisher& publisher, Gate* gate, Meter* meter = nullptr)
      : env_(env),
        tracker_(tracker),
        policy_(&policy),
        ledger_(ledger),
        learned_(&policy),
        journal_(&journal),
        publisher_(&publisher),
        gate_(gate),
        meter_(meter) {
    if (KernelPolicy* kernel = env.kernel_policy()) kernel_.emplace(*kernel, tracker.weighing());
  }

  // From now on `names`, which outlives the loop, says who the tasks are.
  void keep_names(NameTable& names) { names_ = &names; }

  // One pass. Returns the number of events that it took in; 0: nothing new.
  size_t step();

  uint64_t events() const { return events_; }
  uint64_t decisions() const { return decisions_; }

 private:
  static constexpr size_t kBatch = 256;

  void named(TaskId task);
  void take_judged(KernelLink& kernel, const Event& event);
  void decide(const Event& event, Decision* decision);

  Env& env_;
  Tracker& tracker_;
  Policy* policy_;
  Ledger* ledger_;
  LearnedPolicy* learned_ = nullptr;
  Journal* journal_ = nullptr;
  Publisher* publisher_ = nullptr;
  Gate* gate_ = nullptr;
  Meter* meter_ = nullptr;
  NameTable* names_ = nullptr;
  std::optional<KernelLink> kernel_;  // where the environment decides by itself
  uint64_t events_ = 0;
  uint64_t decisions_ = 0;
  std::array<Event, kBatch> in_;
  std::array<Decision, kBatch> out_;
};

}  // namespace quanta
