#include "agent/config/config.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "agent/config/section.h"

namespace quanta {
namespace {

namespace fs = std::filesystem;

// The section `key` is read by the component's own read().
template <class Component>
void compose(Section& parent, std::string_view key, Component& config) {
  parent.section(key, [&](Section& section) { read(section, config); });
}

// A workload's path is relative to the file that names it.
void read_sim(Section& section, const fs::path& directory, SimConfig& config) {
  read(section, config);
  if (config.workload.empty()) return;
  config.workload = (directory / config.workload).lexically_normal();
  std::error_code error;
  if (!fs::is_regular_file(config.workload, error)) {
    section.complain("workload", "expected a workload file or trace, relative to this file");
  }
}

void read_env(Section& env, const fs::path& directory, Config& config) {
  env.section("sim", [&](Section& sim) { read_sim(sim, directory, config.sim); });
  compose(env, "live", config.live);
  compose(env, "shadow", config.shadow);
}

// What no section can see alone.
void check(Section& root, const Config& config) {
  if (config.exploration.share == 0 && config.guard.explore > 0) {
    root.complain("exploration", "its 'share' is 0, so windows of 'guard.explore' explore nothing");
  }
}

// The prior knows what the reward makes of a late wake-up.
void tell_worth(const RewardConfig& reward, IndexConfig& policy) {
  const double late = reward.weight[kTermLatency];
  policy.latency_target = reward.latency_target;
  policy.latency_worth =
      late == 0 ? 0 : std::min(kMaxLatencyWorth, late / reward.weight[kTermWait]);
}

void read_all(Section& root, const fs::path& directory, Config& config) {
  compose(root, "reward", config.reward);
  compose(root, "policy", config.policy);
  tell_worth(config.reward, config.policy);
  compose(root, "exploration", config.exploration);
  compose(root, "learner", config.learner);
  config.learner.order = config.exploration.order;
  compose(root, "trainer", config.trainer);
  compose(root, "guard", config.guard);
  root.section("env", [&](Section& env) { read_env(env, directory, config); });
  compose(root, "checkpoint", config.checkpoint);
  compose(root, "log", config.log);
  compose(root, "metrics", config.metrics);
  check(root, config);
  root.finish();
}

}  // namespace

Result<Config> load_config(const std::string& file) {
  Diagnostics diagnostics;
  Section root = Section::open(file, diagnostics);
  Config config;
  read_all(root, fs::path(file).parent_path(), config);
  if (!diagnostics.ok()) return tl::unexpected(diagnostics.error());
  return config;
}

Config default_config() {
  Diagnostics ignored;  // a load that is not there
  Section root = Section::parse(kDefaultConfigText, "the built-in configuration", ignored);
  Config config;
  read_all(root, {}, config);
  config.sim.workload.clear();
  const char* state = std::getenv("STATE_DIRECTORY");
  config.checkpoint.directory = state != nullptr ? state : "/var/lib/scx_quanta";
  return config;
}

}  // namespace quanta
