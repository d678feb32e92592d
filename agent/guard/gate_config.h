// Section `guard` of the configuration: windows, comparisons, and when to interfere.
#pragma once

#include <cstdint>

#include "env/base/types.h"

namespace quanta {

class Section;

struct GateConfig {
  Nanos window = 200 * kMillisecond;
  Nanos settle = 50 * kMillisecond;  // at the start of a window: what the one before left behind
  double explore = 0.3;              // share of windows that explore
  double compare = 0.6;  // share of windows that belong to rounds; the rest: the best arm
  // Factor on both, and on the learner's share of a CPU, once `warmup` rounds have been seen.
  double settled = 0.25;
  double warmup = 8;
  double memory = 40;    // comparisons after which an old one counts 1/e
  double caution = 2.0;  // standard errors
  // Of the windows in which something better than the prior acts, the share that runs the prior
  // after all, to go on comparing.
  double prior = 0.1;
  // Where the environment decides by itself: of the windows that neither explore nor compare, one
  // in so many is observed.
  int64_t watch = 10;
  bool rollback = true;        // of a learned policy that is surely worse than the prior
  Nanos pause = 10 * kSecond;  // of exploration after a rollback; doubles with each in a row
  // The load is another one: standard errors by which the prior's reward moves, or standard
  // deviations, summed up, by which what acts falls behind; 0: that is not looked for.
  double drift = 6;
};

void read(Section& section, GateConfig& config);

}  // namespace quanta
