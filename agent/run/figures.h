// What happened between two moments, from counters that any thread may read while the agent runs.
#pragma once

#include "agent/run/agent.h"

namespace quanta {

// The counters at one moment.
struct Moment {
  Nanos time = 0;  // of the environment
  uint64_t decisions = 0;
  uint64_t switches = 0;
  Terms terms{};
  HistogramState wakeup;
};
Moment moment(const Agent& agent);

struct Figures {
  double seconds = 0;  // of the environment's time
  double decisions_per_second = 0;
  double switches_per_second = 0;
  double reward = 0;      // per CPU and time, as Ledger::rate_since()
  double wakeup_p50 = 0;  // ns
  double wakeup_p99 = 0;  // ns
};
// All zero if no time has passed.
Figures between(const Moment& from, const Moment& to, const Agent& agent);

// "1.24 ms"
std::string format_time(double nanos);

}  // namespace quanta
