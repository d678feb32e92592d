// What may act during a window.
#pragma once

#include <array>
#include <string_view>

#include "agent/policy/learned.h"

namespace quanta {

enum Arm : int {
  kArmPrior,
  kArmBurst,     // learned remaining bursts
  kArmResidual,  // learned order, preemption and slices
  kArmFull,      // both
  kArmFine,      // the prior with slices of half the length
  kArmCoarse,    // with slices three times as long
  kArmCalm,      // with preemption eight times as dear
  kArms
};
extern const std::array<std::string_view, kArms> kArmNames;

// It depends on learned weights.
constexpr bool is_learned(Arm arm) {
  return arm == kArmBurst || arm == kArmResidual || arm == kArmFull;
}

Conduct conduct_of(Arm arm);  // without exploration

}  // namespace quanta
