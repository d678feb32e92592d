// What the hot thread tells the cold path about one decision and what came of it. Facts only: the
// reward is computed from them elsewhere. Trivially copyable, passed through an SPSC queue.
#pragma once

#include <array>
#include <cstdint>
#include <type_traits>

#include "agent/policy/index.h"
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

// Why one decision came out as it did, for people who ask; nothing is learnt from it. Terms as in
// agent/policy/index.h.
struct Grounds {
  Residual applied;     // octaves: heads that act, noise and the arm's fixed bias, all in all
  float saved = -1;     // R; negative: not told
  float victim_w = -1;  // of whom it could preempt; 0: there is nobody; negative: not told
  bool burst_acts = false;
  bool residual_acts = false;
  std::array<uint8_t, 2> pad{};
};
static_assert(sizeof(Grounds) == 28);

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
  float caused_woken;  // the part of it since wake-ups
  float w;             // reward weight of the task when it was enqueued
  float importance;    // its load weight, nice 0 = 1
  float victim_w;
  float others;      // weighted waiting tasks per CPU when it was decided
  float peer_index;  // of the peer that had just woken it; 0: none had
  float key;         // when it was decided, that was in so many ns
  float guard;       // likewise
  uint32_t slice;
  uint32_t pid;  // that the slot `task` had
  TaskId task;
  Grounds grounds;
  int16_t reward_class;
  RecordKind kind;
  bool woken;      // decided at a wake-up
  bool preempted;  // the decision preempted a running task
  bool displaced;  // victim_* hold
  bool slept;      // the run ended of its own accord
  bool censored;   // kBurst: the activation went on; `burst` is a lower bound
};
static_assert(std::is_trivially_copyable_v<Record>);
static_assert(sizeof(Record) == 264);

}  // namespace quanta
