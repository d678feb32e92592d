// forward() for AVX-512 F.
#include "agent/policy/network_kernel.inc"
#include "agent/policy/network_kernels.h"

namespace quanta {

void forward_avx512(const Weights& weights, const Features& x, Outputs& y) {
  evaluate<16>(weights, x, y);
}

}  // namespace quanta
