// log2 in fixed point with eight fractional bits (256 per octave): an integer of the integer's
// bits, so that the kernel can do the same.
#pragma once

#include <bit>
#include <cstdint>

namespace quanta {

inline constexpr int kOctave = 256;

// Piecewise linear between powers of two (at most 0.09 octaves below the true value); 0 for v < 2.
constexpr int32_t log2_q8(uint64_t v) {
  constexpr int kExact = 53;  // bits of an integer that a double holds as it is
  if (v >> kExact != 0) [[unlikely]]
    return log2_q8(v >> 11) + 11 * kOctave;
  // A double's exponent and the first bits of its mantissa are this very function.
  const auto bits = std::bit_cast<int64_t>(static_cast<double>(static_cast<int64_t>(v)));
  const auto log = static_cast<int32_t>(bits >> 44) - 1023 * kOctave;
  return log > 0 ? log : 0;
}

// Of four at once, without leaving the vector registers. Durations: below 2^53.
typedef int32_t FourLogs __attribute__((vector_size(16)));
inline FourLogs log2_q8(uint64_t a, uint64_t b, uint64_t c, uint64_t d) {
  typedef double Doubles __attribute__((vector_size(16)));
  typedef uint64_t Bits __attribute__((vector_size(16)));
  const auto real = [](uint64_t v) { return static_cast<double>(static_cast<int64_t>(v)); };
  const auto ab = std::bit_cast<FourLogs>(std::bit_cast<Bits>(Doubles{real(a), real(b)}) >> 44);
  const auto cd = std::bit_cast<FourLogs>(std::bit_cast<Bits>(Doubles{real(c), real(d)}) >> 44);
  const FourLogs log = __builtin_shufflevector(ab, cd, 0, 2, 4, 6) - 1023 * kOctave;
  return log > 0 ? log : FourLogs{};
}

}  // namespace quanta
