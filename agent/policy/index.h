// The prior: a model of what waiting costs (the c-mu rule with an analytic preemption test), and
// the place where learned residuals enter it. All pure functions of what the tracker knows.
//
//   rem  = expected remaining CPU time = exec < b ? max(b - exec, b / 4) : exec,  times 2^r_burst
//   key  = now + patience * index * 2^r_order                            smallest first
//     index = min(rem, 50 ms) / w, but no smaller than that of a whole burst of the peer that has
//     just woken it: peers work in turns, so who overtakes the others only comes back sooner, at
//     the cost of a switch.
//   preempt the running victim v with the largest key when
//   w_i * (R + lambda * R * exp(-T / R)) > 2^r_preempt * (w_v * rem_i + c * (w_v + W / N)),
//     R = least over CPUs of min(rem, slice left, at least the environment's granularity): the wait
//     that preempting saves. When a CPU comes free is known in the mean only: were that wait
//     exponentially distributed, R * exp(-T / R) of it would lie beyond the target T of the wake-up
//     latency, where the reward counts it lambda times once more.
//   slice = base * 2^r_slice within [min, max]
#pragma once

#include "agent/features/tracker.h"
#include "env/env.h"

namespace quanta {

class Section;

struct IndexConfig {
  Nanos switch_cost = 5 * kMicrosecond;  // c: assumed cost of a context switch
  double patience =
      8;  // how long an index makes a task wait at most behind later ones, relative to it
  Nanos slice = 2 * kMillisecond;
  Nanos slice_min = 250 * kMicrosecond;
  Nanos slice_max = 10 * kMillisecond;
  // What the reward makes of a late wake-up; the configuration's reward says it.
  Nanos latency_target = 0;  // T
  double latency_worth = 0;  // lambda: of a moment beyond T, relative to one of waiting
};
inline constexpr double kMaxLatencyWorth = 100;

void read(Section& section, IndexConfig& config);

// Octaves by which the learned policy departs from the prior; all zero: the prior itself.
struct Residual {
  float burst = 0;
  float order = 0;
  float preempt = 0;
  float slice = 0;
};
inline constexpr float kMaxResidual = 3.3F;
inline constexpr float kMaxSliceResidual = 2.5F;

// What a decision about one task depends on, as the model sees it.
struct Situation {
  TaskId task = kNoTask;
  Nanos rem = 0;              // expected remaining CPU time of the task, without residual
  CpuId victim_cpu = kNoCpu;  // whom it could preempt; kNoCpu: nobody (only Tracker::are_peers())
  TaskId victim = kNoTask;
  Nanos victim_rem = 0;
  Nanos saved = 0;    // R
  double others = 0;  // W / N, weighted waiting tasks per CPU, without this one
};

// What it is worth to be spared a wait of about `saved`, by the rule above; both in ns.
double worth_of(double saved, const IndexConfig& config);

// Expected remaining CPU time, by the rule above, without residual.
Nanos expected_remaining(Nanos exec, Nanos burst);

// What only an environment with the programs in its hand can know.
class BurstOracle {
 public:
  virtual ~BurstOracle() = default;
  virtual Nanos remaining(TaskId id) const = 0;  // true CPU time until the task next sleeps
};

// With an oracle, true remaining times take the place of expected ones.
Situation assess(const Tracker& tracker, TaskId task, const BurstOracle* oracle = nullptr);

// Fills in order, slice and preemption. Also notes the slice and burst residual with the task.
Decision decide(Tracker& tracker, const Situation& situation, const Residual& residual,
                uint32_t generation, const IndexConfig& config);

}  // namespace quanta
