#include "agent/run/env_choice.h"

#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <limits>
#include <string>
#include <utility>

#include "env/sim/load_file.h"
#include "env/sim/sim_env.h"

namespace quanta {
namespace {

// Far away, and far from overflowing.
constexpr Nanos kNoEnd = std::numeric_limits<Nanos>::max() / 4;

uint64_t effective_capabilities() {
  std::ifstream status("/proc/self/status");
  for (std::string key; status >> key;) {
    uint64_t mask = 0;
    if (key == "CapEff:" && status >> std::hex >> mask) return mask;
  }
  return 0;
}

// Why it cannot be used.
std::string live_problem(const Platform& platform) {
  if (!platform.sched_ext) return "no sched_ext in this kernel";
  if (!platform.btf) return "no BTF in this kernel";
  if (!platform.may_load_bpf) return "needs root or CAP_BPF";
  return "not part of this version";
}

std::string shadow_problem(const Platform& platform) {
  if (!platform.btf) return "no BTF in this kernel";
  if (!platform.may_load_bpf) return "needs root or CAP_BPF";
  return "not part of this version";
}

}  // namespace

Platform probe_platform() {
  constexpr uint64_t kCapSysAdmin = uint64_t{1} << 21;
  constexpr uint64_t kCapBpf = uint64_t{1} << 39;
  return {.sched_ext = ::access("/sys/kernel/sched_ext", F_OK) == 0,
          .btf = ::access("/sys/kernel/btf/vmlinux", F_OK) == 0,
          .may_load_bpf = (effective_capabilities() & (kCapSysAdmin | kCapBpf)) != 0};
}

Result<EnvChoice> choose_env(const std::string& wanted, const Platform& platform) {
  if (wanted == "sim") return EnvChoice{"sim", "sim"};
  if (wanted == "live") return fail("env: live: " + live_problem(platform));
  if (wanted == "shadow") return fail("env: shadow: " + shadow_problem(platform));
  return EnvChoice{"sim", fmt::format("sim (live: {}; shadow: {})", live_problem(platform),
                                      shadow_problem(platform))};
}

Result<OpenedEnv> open_env(const std::string& name, const SimConfig& sim) {
  if (sim.workload.empty()) {
    return fail("the simulator needs a load: give --workload FILE or 'env.sim.workload'");
  }
  const Result<Load> load = read_load(sim.workload);
  if (!load) return tl::unexpected(load.error());
  auto env = std::make_unique<SimEnv>(sim.machine, *load, SimScheduler::kExt, kNoEnd);
  std::string identity =
      fmt::format("{}: {} CPUs, seed {}, workload {} ({:016x})", name, sim.machine.cpus,
                  sim.machine.seed, load->name, env->machine().shape());
  return OpenedEnv{std::move(env), std::move(identity)};
}

}  // namespace quanta
