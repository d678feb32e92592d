// The section `env.live` of the configuration: how a real kernel is scheduled. Plain values; cold
// path only.
#pragma once

#include <cstdint>
#include <span>

#include "env/base/types.h"

namespace quanta {

class Section;

enum class DispatchMode : uint8_t {
  kKernel,     // the learned policy decides in the kernel; the agent watches and learns
  kUser,       // the agent decides, one round trip per waking task
  kHeuristic,  // the label-free heuristic decides, in the kernel; the agent only watches
};

// What the kernel half's policy needs of the rest of the configuration: agent/policy/index.h.
struct KernelPolicyConfig {
  Nanos switch_cost = 5 * kMicrosecond;
  Nanos slice = 2 * kMillisecond;
  Nanos slice_min = 250 * kMicrosecond;
  Nanos slice_max = 10 * kMillisecond;
  double patience = 8;
  double floor_share = 0.25;
  double explore_share = 1;
  bool explore_order = false;
  Nanos latency_target = 0;
  double latency_worth = 0;
  std::span<const int16_t> normal_quantiles;  // 4096 of the standard normal distribution, 4096 = 1
};

struct LiveConfig {
  DispatchMode dispatch = DispatchMode::kKernel;
  int64_t max_tasks = 16384;  // beyond it tasks run with default slices, undecided
  Nanos default_slice = 2 * kMillisecond;
  Nanos min_slice = 250 * kMicrosecond;      // no slice is ended earlier
  Nanos wake_interval = 200 * kMicrosecond;  // a sleeping agent is woken once in this time at most
  Nanos agent_timeout = 10 * kMillisecond;   // unanswered for so long, the heuristic stands in
  Nanos undecided_timeout = 20 * kMillisecond;  // undecided for so long, a task goes first
  // dispatch: kernel.
  Nanos heartbeat = 200 * kMillisecond;  // an agent unseen for so long: no exploration, no events
  double record_share = 1;               // of the decisions
  Nanos watchdog = 10 * kSecond;  // the kernel ends a scheduler that leaves a task waiting so long

  // From the command line.
  bool partial = false;       // only tasks of the class SCHED_EXT
  int64_t exit_dump_len = 0;  // bytes of debug dump that the kernel keeps; 0: its default

  KernelPolicyConfig policy;
};

void read(Section& section, LiveConfig& config);

}  // namespace quanta
