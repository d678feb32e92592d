// The network's inputs: one definition of order, unit and scale for every environment.
//
// Integers in fixed point (256 = one octave, or 256 = 1 for shares), so that the kernel computes
// the very same ones; the network normalises them with running statistics. Durations are log2 of
// ns.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "agent/policy/index.h"
#include "agent/policy/network.h"

namespace quanta {

enum FeatureIndex : int {
  kBurstMean,        // expected CPU time per activation (EWMA)
  kBurstLast,        // CPU time of the last activation
  kSleepMean,        // time asleep (EWMA)
  kSleepLast,        // time asleep before this activation
  kExec,             // CPU time since it last slept
  kWaitMean,         // time from runnable to running (EWMA)
  kSyncShare,        // share of synchronous wake-ups
  kWakerKin,         // last waker: 0 timer or device, 128 another process, 256 its own process
  kVictimKin,        // task it could preempt: 0 none, 64 stranger, 256 same name
  kVictimRemaining,  // expected remaining CPU time of that task
  kVictimName,       // that task's name, as one number
  kImportance,       // log2 of its reward weight w
  kInvoluntary,      // share of involuntary switches
  kCrowd,            // log2 of 1 + waiting tasks
  kNameA,            // the name, as two numbers
  kNameB,
  kFeatures
};
static_assert(kFeatures == kInputs);

// Names as people read them in reports, in the order above.
extern const std::array<std::string_view, kFeatures> kFeatureNames;

// `situation` is of this tracker's present moment.
void extract(const Tracker& tracker, const Situation& situation, Features& out);

}  // namespace quanta
