// A machine with more to run than CPUs, for benchmarks: half of the tasks periodic, half hogs.
#pragma once

#include "env/sim/load_builder.h"
#include "env/sim/sim_env.h"

namespace quanta {

inline constexpr Nanos kForever = Nanos{1} << 60;

inline Load busy_load(int tasks) {
  LoadBuilder builder;
  GroupTraits traits;
  const Dist period{.kind = Dist::kUniform, .a = 3e6F, .b = 16e6F};
  const Dist burst{.kind = Dist::kUniform, .a = 100e3F, .b = 800e3F};
  const Dist hog{.kind = Dist::kConstant, .a = 10e6F};
  traits.group = builder.group("periodic");
  const uint32_t periodic =
      builder.program(traits, "periodic",
                      {ops::period(period), ops::run(burst), ops::op(OpKind::kDone), ops::jump(0)});
  for (int i = 0; i < tasks / 2; ++i) builder.task(traits, periodic, builder.process());
  traits.group = builder.group("hogs");
  const uint32_t hogs =
      builder.program(traits, "hog", {ops::run(hog), ops::op(OpKind::kDone), ops::jump(0)});
  for (int i = 0; i < tasks - tasks / 2; ++i) builder.task(traits, hogs, builder.process());
  return builder.take("busy");
}

}  // namespace quanta
