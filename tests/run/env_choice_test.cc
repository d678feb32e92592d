#include <gtest/gtest.h>

#include "agent/run/env_choice.h"

namespace quanta {
namespace {

constexpr Platform kNothing{};
constexpr Platform kNoSchedExt{.sched_ext = false, .btf = true, .may_load_bpf = true};
constexpr Platform kUnprivileged{.sched_ext = true, .btf = true, .may_load_bpf = false};
constexpr Platform kEverything{.sched_ext = true, .btf = true, .may_load_bpf = true};

struct AutoCase {
  Platform platform;
  const char* line;
};

TEST(EnvChoice, AutoSaysWhyNot) {
  constexpr AutoCase kCases[] = {
      {kNothing, "sim (live: no sched_ext in this kernel; shadow: no BTF in this kernel)"},
      {kNoSchedExt, "sim (live: no sched_ext in this kernel; shadow: not part of this version)"},
      {kUnprivileged, "sim (live: needs root or CAP_BPF; shadow: needs root or CAP_BPF)"},
      {kEverything, "sim (live: not part of this version; shadow: not part of this version)"},
  };
  for (const AutoCase& c : kCases) {
    const Result<EnvChoice> choice = choose_env("auto", c.platform);
    ASSERT_TRUE(choice);
    EXPECT_EQ(choice->name, "sim");
    EXPECT_EQ(choice->line, c.line);
  }
}

TEST(EnvChoice, WhatIsAskedForByNameAndDoesNotWorkIsAnError) {
  EXPECT_EQ(choose_env("live", kNoSchedExt).error().message,
            "env: live: no sched_ext in this kernel");
  EXPECT_EQ(choose_env("shadow", kUnprivileged).error().message,
            "env: shadow: needs root or CAP_BPF");
  EXPECT_EQ(choose_env("sim", kNothing)->line, "sim");
}

TEST(EnvChoice, TheIdentityTellsMachinesAndLoadsApart) {
  SimConfig config;
  config.workload = QUANTA_SOURCE_DIR "/configs/workloads/game_build.yaml";
  const std::string identity = open_env("sim", config)->identity;
  EXPECT_EQ(open_env("sim", config)->identity, identity);
  SimConfig other = config;
  other.machine.cpus = 8;
  EXPECT_NE(open_env("sim", other)->identity, identity);
  other = config;
  other.machine.seed = 9;
  EXPECT_NE(open_env("sim", other)->identity, identity);
  other = config;
  other.workload = QUANTA_SOURCE_DIR "/configs/workloads/server_hogs.yaml";
  EXPECT_NE(open_env("sim", other)->identity, identity);
}

TEST(EnvChoice, TheSimulatorNeedsALoad) {
  EXPECT_FALSE(open_env("sim", SimConfig()));
}

}  // namespace
}  // namespace quanta
