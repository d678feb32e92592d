// Distributions of durations as workload files write them: "2ms", "exponential 2ms",
// "uniform 1ms 3ms", "lognormal 2ms 0.5" (median, sigma of the logarithm), "bimodal 100us 5ms 0.1"
// (first, second, share of the second). Durations from 1 us to 1 h. Pure functions; cold path.
#pragma once

#include <optional>
#include <string_view>

#include "agent/config/section.h"
#include "env/sim/program.h"

namespace quanta {

std::optional<Dist> parse_dist(std::string_view text);

// Reads `key` if present; anything else is reported.
void read_dist(Section& section, std::string_view key, Dist& dist);
void require_dist(Section& section, std::string_view key, Dist& dist);

constexpr Dist constant(Nanos value) {
  return {.kind = Dist::kConstant, .a = static_cast<float>(value)};
}

}  // namespace quanta
