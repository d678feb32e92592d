#include "agent/guard/arm.h"

namespace quanta {

const std::array<std::string_view, kArms> kArmNames = {"prior", "burst",  "residual", "full",
                                                       "fine",  "coarse", "calm"};

Conduct conduct_of(Arm arm) {
  Conduct c{.burst = arm == kArmBurst || arm == kArmFull,
            .residual = arm == kArmResidual || arm == kArmFull,
            .explore = false,
            .observe = true,
            .bias = {}};
  if (arm == kArmFine) c.bias.slice = -1;
  if (arm == kArmCoarse) c.bias.slice = 1.6F;
  if (arm == kArmCalm) c.bias.preempt = 3;
  return c;
}

}  // namespace quanta
