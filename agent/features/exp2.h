// 2 to the power of x as the C library has it, but inline: by a table of 32 powers and a cubic, in
// doubles (the method of ARM's optimized routines), below 0.51 units in the last place. Exact for
// whole numbers. For |x| < 1000; what a float cannot hold becomes infinite or 0.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace quanta {

inline constexpr int kExp2TableBits = 5;
inline constexpr uint64_t kExp2TableSize = 1 << kExp2TableBits;
inline constexpr int kMantissaBits = 52;

// The bits of 2^(i / kExp2TableSize), less what adding i to their exponent and upwards will add.
// Filled while the program starts.
extern const std::array<uint64_t, kExp2TableSize> kExp2Table;

inline float exp2_of(float x) {
  // Added to a double, leaves it rounded to 1 / kExp2TableSize in the low bits.
  constexpr double kRound = 0x1.8p52 / kExp2TableSize;
  const double rounded = x + kRound;
  const auto steps = std::bit_cast<uint64_t>(rounded);
  const double scale = std::bit_cast<double>(kExp2Table[steps % kExp2TableSize] +
                                             (steps << (kMantissaBits - kExp2TableBits)));
  const double r = x - (rounded - kRound);
  const double cubic = (0x1.c6af84b912394p-5 * r + 0x1.ebfce50fac4f3p-3) * (r * r) +
                       (0x1.62e42ff0c52d6p-1 * r + 1.0);
  return static_cast<float>(cubic * scale);
}

}  // namespace quanta
