// log2 in fixed point with eight fractional bits (256 per octave): integers only, so that the
// kernel can do the same.
#pragma once

#include <bit>
#include <cstdint>

namespace quanta {

inline constexpr int kOctave = 256;

// Piecewise linear between powers of two (at most 0.09 octaves below the true value); 0 for v < 2.
constexpr int32_t log2_q8(uint64_t v) {
  if (v < 2) return 0;
  const int e = std::bit_width(v) - 1;
  const uint64_t mantissa = (v << (63 - e)) << 1;  // the leading one shifted out
  return e * kOctave + static_cast<int32_t>(mantissa >> 56);
}

}  // namespace quanta
