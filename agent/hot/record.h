// What the hot thread tells the cold path about one decision and what came of it. Facts only: the
// reward is computed from them elsewhere. Trivially copyable, passed through an SPSC queue.
#pragma once

#include <array>
#include <cstdint>
#include <type_traits>

#include "agent/policy/network.h"
#include "env/base/types.h"

namespace quanta {

// The residuals that are explored (the burst head is supervised).
enum Action : int { kActOrder, kActPreempt, kActSlice, kActions };

// What the policy did for one decision.
struct Act {
  Features x;                         // as extracted, not normalised
  std::array<float, kActions> mean;   // the network's, octaves
  std::array<float, kActions> taken;  // octaves
  float sd = 0;                       // of the exploration noise; 0: not explored
  float prior_rem = 0;                // log2 of the prior's remaining burst, ns
  uint64_t version = 0;               // of the weights
};

enum class RecordKind : uint8_t { kDecision, kBurst };

struct Record {
  Act act;
  Nanos decided;  // when
  Nanos wait;     // from enqueue to start
  Nanos run;      // from start to stop
  Nanos work;     // the useful part of it
  // Of the task that it displaced: the one that it preempted, or itself when its slice ended.
  Nanos victim_wait;  // until it ran again; 0: none
  Nanos victim_loss;  // of its next run: what was not useful
  Nanos burst;        // kBurst: CPU time from the decision to the end of the activation
  Nanos response;     // wake-up to sleep, of the activation that ended with this run; 0: it did not
  Nanos overdue;      // waited past the time that its promised share allows
  float activation;   // CPU time of that activation, ns
  float caused;       // weighted waiting per CPU during its run, ns
  float w;            // reward weight of the task when it was enqueued
  float importance;   // its load weight, nice 0 = 1
  float victim_w;
  float others;  // weighted waiting tasks per CPU when it was decided
  int16_t reward_class;
  RecordKind kind;
  bool woken;      // decided at a wake-up
  bool preempted;  // the decision preempted a running task
  bool displaced;  // victim_* hold
  bool slept;      // the run ended of its own accord
  bool censored;   // kBurst: the activation went on; `burst` is a lower bound
};
static_assert(std::is_trivially_copyable_v<Record>);
static_assert(sizeof(Record) == 208);

}  // namespace quanta
