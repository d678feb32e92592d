#include "agent/run/env_choice.h"

#include <fmt/format.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cmath>
#include <fstream>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "agent/policy/learned.h"
#include "env/base/capabilities.h"
#include "env/live/live_env.h"
#include "env/shadow/shadow_env.h"
#include "env/sim/load_file.h"
#include "env/sim/sim_env.h"

namespace quanta {
namespace {

// Far away, and far from overflowing.
constexpr Nanos kNoEnd = std::numeric_limits<Nanos>::max() / 4;

// Empty while none is loaded.
std::string loaded_scheduler() {
  std::string state;
  std::ifstream("/sys/kernel/sched_ext/state") >> state;
  if (state != "enabled") return {};
  std::string ops = "unknown";
  std::ifstream("/sys/kernel/sched_ext/root/ops") >> ops;
  return ops;
}

// Why it cannot be used; empty: it can.
std::string live_problem(const Platform& platform) {
  if (!platform.sched_ext) return "no sched_ext in this kernel";
  if (!platform.btf) return "no BTF in this kernel";
  if (!platform.may_load_bpf) return "needs root or CAP_BPF";
  if (!platform.scheduler.empty()) {
    return fmt::format("another scheduler is loaded: '{}'", platform.scheduler);
  }
  return {};
}

std::string shadow_problem(const Platform& platform) {
  if (!platform.btf) return "no BTF in this kernel";
  if (!platform.may_load_bpf) return "needs root or CAP_BPF";
  return {};
}

// The policy in the kernel is that of the agent.
KernelPolicyConfig kernel_policy(const Config& config) {
  static const std::vector<int16_t> quantiles = [] {
    std::vector<int16_t> table;
    for (const float q : normal_quantiles())
      table.push_back(static_cast<int16_t>(std::lround(q * 4096)));
    return table;
  }();
  return {.switch_cost = config.policy.switch_cost,
          .slice = config.policy.slice,
          .slice_min = config.policy.slice_min,
          .slice_max = config.policy.slice_max,
          .patience = config.policy.patience,
          .floor_share = config.reward.weighing.floor_share,
          .explore_share = config.exploration.share,
          .explore_order = config.exploration.order,
          .latency_target = config.policy.latency_target,
          .latency_worth = config.policy.latency_worth,
          .normal_quantiles = quantiles};
}

Result<OpenedEnv> open_live(const Config& whole) {
  LiveConfig config = whole.live;
  config.policy = kernel_policy(whole);
  Result<std::unique_ptr<LiveEnv>> env = LiveEnv::open(config);
  if (!env) return tl::unexpected(env.error());
  utsname kernel{};
  ::uname(&kernel);
  std::string identity = fmt::format("live: {} CPUs, kernel {}", (*env)->cpus(), kernel.release);
  return OpenedEnv{*std::move(env), std::move(identity)};
}

Result<OpenedEnv> open_shadow(const ShadowConfig& config) {
  Result<std::unique_ptr<ShadowEnv>> env = ShadowEnv::open(config);
  if (!env) return tl::unexpected(env.error());
  utsname kernel{};
  ::uname(&kernel);
  std::string identity = fmt::format("shadow: {} CPUs, kernel {}", (*env)->cpus(), kernel.release);
  ShadowEnv* shadow = env->get();
  return OpenedEnv{*std::move(env), std::move(identity), shadow};
}

Result<OpenedEnv> open_sim(const SimConfig& sim) {
  if (sim.workload.empty()) {
    return fail("the simulator needs a load: give --workload FILE or 'env.sim.workload'");
  }
  const Result<Load> load = read_load(sim.workload);
  if (!load) return tl::unexpected(load.error());
  auto env = std::make_unique<SimEnv>(sim.machine, *load, SimScheduler::kExt, kNoEnd);
  std::string identity =
      fmt::format("sim: {} CPUs, seed {}, workload {} ({:016x})", sim.machine.cpus,
                  sim.machine.seed, load->name, env->machine().shape());
  return OpenedEnv{std::move(env), std::move(identity)};
}

}  // namespace

Platform probe_platform() {
  return {.sched_ext = ::access("/sys/kernel/sched_ext", F_OK) == 0,
          .btf = ::access("/sys/kernel/btf/vmlinux", F_OK) == 0,
          .may_load_bpf = may_load_bpf(),
          .scheduler = loaded_scheduler()};
}

Result<EnvChoice> choose_env(const std::string& wanted, const Platform& platform) {
  if (wanted == "sim") return EnvChoice{"sim", "sim"};
  const std::string live = live_problem(platform);
  const std::string shadow = shadow_problem(platform);
  if (wanted == "live" && !live.empty()) return fail("env: live: " + live);
  if (wanted == "shadow" && !shadow.empty()) return fail("env: shadow: " + shadow);
  if (wanted == "shadow") return EnvChoice{"shadow", "shadow"};
  if (live.empty()) return EnvChoice{"live", "live"};
  if (shadow.empty()) return EnvChoice{"shadow", fmt::format("shadow (live: {})", live)};
  return EnvChoice{"sim", fmt::format("sim (live: {}; shadow: {})", live, shadow)};
}

Result<OpenedEnv> open_env(const std::string& name, const Config& config) {
  if (name == "live") return open_live(config);
  return name == "shadow" ? open_shadow(config.shadow) : open_sim(config.sim);
}

}  // namespace quanta
