// What counts as good scheduling: terms, each with a weight. All terms are costs or gains in
// nanoseconds of weighted waiting, so that weights compare them directly.
#pragma once

#include <array>
#include <string_view>

#include "agent/features/weighing.h"
#include "env/base/types.h"

namespace quanta {

class Section;

enum RewardTerm : int {
  kTermWait,        // - w * time runnable and not running
  kTermLatency,     // - w * (time from wake-up to running, beyond `latency_target`)
  kTermSlowdown,    // - w * slowdown_unit * log2(response / CPU time), per activation
  kTermThroughput,  // + useful CPU time, by load weight (nice 0 = 1)
  kTermSwitch,      // - `switch_cost` per switch
  kTermFairness,    // - time waited past what the promised share allows
  kTermDeadline,    // - `deadline_cost` per activation that ends after its class's deadline
  kTerms
};
extern const std::array<std::string_view, kTerms> kTermNames;

struct RewardConfig {
  std::array<double, kTerms> weight{1, 1, 0, 1, 1, 1, 0};
  Nanos latency_target = kMillisecond;
  Nanos slowdown_unit = 100 * kMicrosecond;
  Nanos switch_cost = 5 * kMicrosecond;
  Nanos deadline_cost = 2 * kMillisecond;
  Weighing weighing;
};

void read(Section& section, RewardConfig& config);

// Values of all terms, ns, before their weights.
using Terms = std::array<double, kTerms>;
double total(const Terms& terms, const RewardConfig& config);

}  // namespace quanta
