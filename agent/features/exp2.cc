#include "agent/features/exp2.h"

#include <cmath>

namespace quanta {

const std::array<uint64_t, kExp2TableSize> kExp2Table = [] {
  std::array<uint64_t, kExp2TableSize> table{};
  for (uint64_t i = 0; i < kExp2TableSize; ++i) {
    const double power = std::exp2(static_cast<double>(i) / kExp2TableSize);
    table[i] = std::bit_cast<uint64_t>(power) - (i << (kMantissaBits - kExp2TableBits));
  }
  return table;
}();

}  // namespace quanta
