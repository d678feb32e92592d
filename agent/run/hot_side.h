// Everything that the hot thread touches, in one place: allocated and touched before it starts.
//
// Used by one thread at a time; `queue`, `publisher`, `names` and `metrics` are where the cold
// side meets it.
#pragma once

#include "agent/config/config.h"
#include "agent/guard/gate.h"
#include "agent/hot/hot_loop.h"
#include "agent/hot/journal.h"
#include "agent/hot/meter.h"
#include "agent/hot/name_table.h"
#include "agent/policy/learned.h"
#include "agent/policy/publisher.h"
#include "agent/reward/ledger.h"

namespace quanta {

// Members in the order in which they are made.
struct HotSide {  // NOLINT(clang-analyzer-optin.performance.Padding)
  // Starts with the prior. `config` and `environment` outlive this.
  HotSide(const Config& config, Env& environment);
  HotSide(const HotSide&) = delete;
  HotSide& operator=(const HotSide&) = delete;

  // From the next pass on; for when neither thread runs.
  void adopt(const Weights& weights);

  // Names of tasks that were there before, when state has been restored.
  void recall_names();

  // For an exact continuation, between two passes and with an empty queue.
  template <class Archive>
  void state(Archive& a) {
    a(tracker, ledger, journal, policy, gate);
  }

  Env& env;
  HotMetrics metrics;
  NameTable names;
  Tracker tracker;
  Ledger ledger;
  RecordQueue queue;
  Journal journal;
  Publisher publisher;
  LearnedPolicy policy;
  Gate gate;
  Meter meter;
  HotLoop loop;
};

// A network of the configured shape that is the prior: all heads are zero.
Weights prior_weights(const LearnerConfig& config);

}  // namespace quanta
