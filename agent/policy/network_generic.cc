// forward() for any CPU: vectors of 4 floats, which x86-64 and AArch64 have.
#include "agent/policy/network_kernel.inc"
#include "agent/policy/network_kernels.h"

namespace quanta {

void forward_generic(const Weights& weights, const Features& x, Outputs& y) {
  evaluate<4>(weights, x, y);
}

}  // namespace quanta
