// The builds of forward(), one per instruction set, for the dispatcher, its tests and benchmarks.
//
// Each is compiled from network_kernel.inc in a file of its own with the flags of its instruction
// set. Such a file must not emit a function that another file could share: the linker might keep
// the copy that this CPU cannot run.
#pragma once

#include <span>
#include <string_view>

#include "agent/policy/network.h"

namespace quanta {

void forward_generic(const Weights& weights, const Features& x, Outputs& y);
#if defined(__x86_64__)
void forward_avx2(const Weights& weights, const Features& x, Outputs& y);    // AVX2 and FMA
void forward_avx512(const Weights& weights, const Features& x, Outputs& y);  // AVX-512 F
#endif

struct Kernel {
  std::string_view name;
  void (*forward)(const Weights&, const Features&, Outputs&);
  bool supported;  // by this CPU and kernel
};

// All builds, widest first; the last, "generic", is always supported.
std::span<const Kernel> kernels();

}  // namespace quanta
