// The digital twin: a simulated machine that lives through the last watched window again, under a
// model of the kernel's own scheduler, under the untrained prior, and under the policy that is
// being learnt, which learns there by doing.
//
// The model is checked against what the machine itself was seen to do. How long a CPU takes
// to run a task that it is given at once is taken from the windows before, and so is whether slices
// end on time or on the tick (which depends on what tasks do: reading a CPU clock ends a used-up
// one), so that the check is of what is not told. One thread, the cold one.
#pragma once

#include <functional>
#include <memory>

#include "agent/config/config.h"
#include "agent/run/hot_side.h"
#include "agent/shadow/twin_load.h"
#include "env/shadow/host_timing.h"
#include "env/sim/replay_env.h"

namespace quanta {

// Wake-up latencies of the watched tasks, ns.
struct TwinWaits {
  double p50 = 0;
  double p99 = 0;
  double reward = 0;  // of the machine, per CPU and time
};

struct TwinReport {
  TwinWaits measured;  // on the machine; without a reward
  TwinWaits kernel;    // in the twin, under the model of the kernel's scheduler
  TwinWaits prior;
  TwinWaits learned;  // what acts by now, as it is; without a learner, the prior's
  uint64_t wakeups = 0;
  // Of the model of the kernel's scheduler: |twin - measured| / measured.
  double error_p50 = 0;
  double error_p99 = 0;
};

class Twin {
 public:
  // `config` as for a run that acts; outlives this. As many CPUs as the machine has, whose
  // scheduler keeps time like `timing`.
  Twin(const Config& config, int cpus, const HostTiming& timing);

  // Plays the window under each scheduler, and gives it to the policy to learn from. `meanwhile` is
  // called now and then. Nothing: too little happened, or it is the first window.
  Result<std::optional<TwinReport>> live_through(const WatchedWindow& window,
                                                 const std::function<void()>& meanwhile);
  // The learning policy goes on a little. False: there is no window yet.
  bool step();

  void adopt(const Weights& weights) { hot_->adopt(weights); }
  HotSide& hot() { return *hot_; }
  const ReplayEnv& replays() const { return env_; }

 private:
  // Of the model that was nearer so far.
  TwinWaits live_under_kernel(MachineConfig machine, const Load& load, Nanos duration,
                              double measured_p99, const std::function<void()>& meanwhile);

  const Config& config_;
  MachineConfig machine_;
  TaskFilter filter_;
  ReplayEnv env_;
  std::unique_ptr<HotSide> hot_;
  bool calibrated_ = false;
  std::array<double, 2>
      missed_{};  // by hrtick: how far the model has been off p99, lately, octaves
};

}  // namespace quanta
