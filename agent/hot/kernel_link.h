// The hot side's link to a policy in the kernel: keeps it up to date with what has been learnt and
// may act, and turns what it tells of its decisions into what the journal takes.
//
// One thread, the hot one; no allocation after construction but to refuse weights.
#pragma once

#include <cstdint>

#include "agent/features/tracker.h"
#include "agent/hot/record.h"
#include "agent/policy/learned.h"
#include "agent/policy/network.h"
#include "env/kernel_policy.h"

namespace quanta {

class KernelLink {
 public:
  // Both outlive the link.
  KernelLink(KernelPolicy& kernel, const Weighing& weighing)
      : kernel_(kernel), weighing_(weighing) {}

  // After Tracker::update() of a kNew or kExec.
  void named(TaskId task, const TaskView& view);

  struct Judged {
    Act act;
    Grounds grounds;  // what acted is taken to be what acts now
    Decision decision;
    TaskId victim;
  };
  // False: this decision is not recorded.
  bool read(const Event& event, Judged& judged) const;

  // Once per pass. Weights that the kernel cannot have are refused: the last good ones go on.
  void keep_up(const Weights& weights, const Conduct& conduct);

  uint64_t refused() const { return refused_; }

 private:
  KernelPolicy& kernel_;
  const Weighing& weighing_;
  uint64_t tried_ = UINT64_MAX;  // checksum of the weights last seen
  uint64_t conduct_ = 0;
  uint64_t refused_ = 0;
};

}  // namespace quanta
