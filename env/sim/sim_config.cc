#include "env/sim/sim_config.h"

#include "agent/config/section.h"

namespace quanta {
namespace {

enum class Dispatch : uint8_t { kKernel, kUser };

// Measured round trip of a busy agent, and the time until the decision is back in the kernel.
constexpr Nanos kUserCost = 400;
constexpr Nanos kUserLatency = 5 * kMicrosecond;

}  // namespace

void read(Section& section, SimConfig& config) {
  MachineConfig& machine = config.machine;
  int64_t cpus = machine.cpus;
  section.integer("cpus", cpus, 1, 64);
  machine.cpus = static_cast<int>(cpus);
  int64_t seed = static_cast<int64_t>(machine.seed);
  section.integer("seed", seed, 0, INT64_MAX);
  machine.seed = static_cast<uint64_t>(seed);
  section.text("workload", config.workload);
  section.duration("switch_cost", machine.switch_cost, 0, kMillisecond);
  section.duration("migration_cost", machine.migration_cost, 0, kMillisecond);
  section.duration("tick", machine.tick, 100 * kMicrosecond, 100 * kMillisecond);

  static constexpr Choice kChoices[] = {{"kernel", static_cast<int>(Dispatch::kKernel)},
                                        {"user", static_cast<int>(Dispatch::kUser)}};
  Dispatch dispatch = Dispatch::kKernel;
  section.choice("dispatch", dispatch, kChoices);
  if (dispatch == Dispatch::kUser) {
    machine.dispatch_cost = kUserCost;
    machine.dispatch_latency = kUserLatency;
  }
  section.duration("dispatch_cost", machine.dispatch_cost, 0, kMillisecond);
  section.duration("dispatch_latency", machine.dispatch_latency, 0, 10 * kMillisecond);
}

}  // namespace quanta
