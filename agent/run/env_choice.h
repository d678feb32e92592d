// Which environment a run gets: the first that works of live, shadow and sim, or the one asked for.
#pragma once

#include <memory>
#include <string>

#include "agent/config/config.h"
#include "env/base/result.h"
#include "env/env.h"

namespace quanta {

class ShadowEnv;

// What this machine offers, as probe_platform() finds it.
struct Platform {
  bool sched_ext = false;     // /sys/kernel/sched_ext
  bool btf = false;           // /sys/kernel/btf/vmlinux
  bool may_load_bpf = false;  // CAP_BPF and CAP_PERFMON, or CAP_SYS_ADMIN
  std::string scheduler;      // of sched_ext, that is loaded; empty: none
};
Platform probe_platform();

// Says in one line which environment was chosen and why those before it were not: "shadow (live: no
// sched_ext in this kernel)". `wanted` is auto, sim, shadow or
// live; the error says why the one that was asked for does not work.
struct EnvChoice {
  std::string name;
  std::string line;
};
Result<EnvChoice> choose_env(const std::string& wanted, const Platform& platform);

struct OpenedEnv {
  std::unique_ptr<Env> env;
  std::string identity;  // one line; state goes back only into an environment of the same one
  ShadowEnv* shadow = nullptr;  // `env`, if it is one
};
// Makes the environment of that name.
Result<OpenedEnv> open_env(const std::string& name, const Config& config);

}  // namespace quanta
