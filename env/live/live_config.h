// The section `env.live` of the configuration: how a real kernel is scheduled. Plain values; cold
// path only.
#pragma once

#include <cstdint>

#include "env/base/types.h"

namespace quanta {

class Section;

enum class DispatchMode : uint8_t {
  kUser,       // the agent decides, one round trip per waking task
  kHeuristic,  // the label-free heuristic decides, in the kernel; the agent only watches
};

struct LiveConfig {
  DispatchMode dispatch = DispatchMode::kUser;
  int64_t max_tasks = 16384;  // beyond it tasks run with default slices, undecided
  Nanos default_slice = 2 * kMillisecond;
  Nanos min_slice = 250 * kMicrosecond;      // no slice is ended earlier
  Nanos wake_interval = 200 * kMicrosecond;  // a sleeping agent is woken once in this time at most
  Nanos agent_timeout = 10 * kMillisecond;   // unanswered for so long, the heuristic stands in
  Nanos undecided_timeout = 20 * kMillisecond;  // undecided for so long, a task goes first
  Nanos watchdog = 10 * kSecond;  // the kernel ends a scheduler that leaves a task waiting so long

  // From the command line.
  bool partial = false;       // only tasks of the class SCHED_EXT
  int64_t exit_dump_len = 0;  // bytes of debug dump that the kernel keeps; 0: its default
};

void read(Section& section, LiveConfig& config);

}  // namespace quanta
