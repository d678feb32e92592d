#include "env/shadow/shadow_config.h"

#include <algorithm>

#include "agent/config/section.h"

namespace quanta {

void read(Section& section, ShadowConfig& config) {
  section.integer("max_tasks", config.max_tasks, 64, 1 << 20);
  section.section("watch", [&](Section& watch) {
    watch.texts("comm", config.comm);
    watch.texts("cgroup", config.cgroup);
    watch.integers("uid", config.uid, 0, UINT32_MAX);
    const auto is_path = [](const std::string& path) {
      return path.starts_with('/') && (path.size() == 1 || !path.ends_with('/'));
    };
    if (!std::all_of(config.cgroup.begin(), config.cgroup.end(), is_path)) {
      watch.complain("cgroup", "expected paths such as '/user.slice'");
    }
    if (std::count(config.comm.begin(), config.comm.end(), "") > 0) {
      watch.complain("comm", "an empty name fits no task");
    }
  });
  section.integer("decisions", config.decisions, 1, 1'000'000);
  section.duration("window", config.window, kSecond, 60 * kSecond);
  section.number("twin_cpu", config.twin_cpu, 0, 1);
}

}  // namespace quanta
