// Durations as people write them: "20us", "2ms", "1.5s". Exact, no rounding; pure functions.
// Units: ns, us (or µs), ms, s, min, h.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "env/base/types.h"

namespace quanta {

// Digits, perhaps a fraction, and a unit, without blanks. Empty if `text` is anything else, is not
// a whole number of nanoseconds, or does not fit.
std::optional<Nanos> parse_duration(std::string_view text);

// The shortest exact form in the largest unit up to seconds; parse_duration() gives it back.
std::string format_duration(Nanos value);

}  // namespace quanta
