// forward() for AVX2 and FMA.
#include "agent/policy/network_kernel.inc"
#include "agent/policy/network_kernels.h"

namespace quanta {

void forward_avx2(const Weights& weights, const Features& x, Outputs& y) {
  evaluate<8>(weights, x, y);
}

}  // namespace quanta
