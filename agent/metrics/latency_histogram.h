// A histogram of durations that the hot thread fills and a cold thread reads at any time.
//
// One writer, any number of readers; recording is two loads and two stores, no lock, no allocation.
// All accesses are relaxed: a state read while the writer records is off by the records in flight.
// Buckets and units are HistogramState's.
#pragma once

#include <array>

#include "agent/metrics/histogram_state.h"
#include "agent/metrics/hot_counters.h"

namespace quanta {

class alignas(64) LatencyHistogram {
 public:
  void record(Nanos value) {
    counts_[HistogramState::bucket_of(value)].add();
    sum_.add(value);
  }

  HistogramState state() const {
    HistogramState state;
    for (size_t i = 0; i < counts_.size(); ++i) state.counts[i] = counts_[i].value();
    state.sum = sum_.value();
    return state;
  }

 private:
  HotCounter sum_;
  std::array<HotCounter, HistogramState::kBuckets> counts_;
};

// All that the hot thread fills.
struct HotMetrics {
  HotCounters counters;
  LatencyHistogram wakeup_latency;     // from wake-up until it runs
  LatencyHistogram runqueue_wait;      // from each enqueue until it runs
  LatencyHistogram decision_duration;  // from event to decision, on the machine's own clock
  LatencyHistogram slice;              // slices given
};

}  // namespace quanta
