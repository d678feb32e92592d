#include <gtest/gtest.h>

#include "agent/run/env_choice.h"

namespace quanta {
namespace {

const Platform kNothing{};
const Platform kNoSchedExt{.sched_ext = false, .btf = true, .may_load_bpf = true, .scheduler = {}};
const Platform kUnprivileged{
    .sched_ext = true, .btf = true, .may_load_bpf = false, .scheduler = {}};
const Platform kEverything{.sched_ext = true, .btf = true, .may_load_bpf = true, .scheduler = {}};

struct AutoCase {
  Platform platform;
  const char* line;
};

TEST(EnvChoice, AutoSaysWhyNot) {
  const AutoCase kCases[] = {
      {kNothing, "sim (live: no sched_ext in this kernel; shadow: no BTF in this kernel)"},
      {kNoSchedExt, "shadow (live: no sched_ext in this kernel)"},
      {kUnprivileged, "sim (live: needs root or CAP_BPF; shadow: needs root or CAP_BPF)"},
  };
  for (const AutoCase& c : kCases) {
    const Result<EnvChoice> choice = choose_env("auto", c.platform);
    ASSERT_TRUE(choice);
    EXPECT_EQ(choice->name, std::string(c.line).substr(0, choice->name.size()));
    EXPECT_EQ(choice->line, c.line);
  }
}

TEST(EnvChoice, AutoTakesTheKernelWhereItCan) {
  EXPECT_EQ(choose_env("auto", kEverything)->name, "live");
  Platform taken = kEverything;
  taken.scheduler = "lavd";
  EXPECT_EQ(choose_env("auto", taken)->line, "shadow (live: another scheduler is loaded: 'lavd')");
  EXPECT_EQ(choose_env("live", taken).error().message,
            "env: live: another scheduler is loaded: 'lavd'");
}

TEST(EnvChoice, WhatIsAskedForByNameAndDoesNotWorkIsAnError) {
  EXPECT_EQ(choose_env("live", kNoSchedExt).error().message,
            "env: live: no sched_ext in this kernel");
  EXPECT_EQ(choose_env("shadow", kUnprivileged).error().message,
            "env: shadow: needs root or CAP_BPF");
  EXPECT_EQ(choose_env("shadow", kNothing).error().message, "env: shadow: no BTF in this kernel");
  EXPECT_EQ(choose_env("shadow", kEverything)->line, "shadow");
  EXPECT_EQ(choose_env("sim", kNothing)->line, "sim");
}

TEST(EnvChoice, TheIdentityTellsMachinesAndLoadsApart) {
  Config config;
  config.sim.workload = QUANTA_SOURCE_DIR "/configs/workloads/game_build.yaml";
  const std::string identity = open_env("sim", config)->identity;
  EXPECT_EQ(open_env("sim", config)->identity, identity);
  Config other = config;
  other.sim.machine.cpus = 8;
  EXPECT_NE(open_env("sim", other)->identity, identity);
  other = config;
  other.sim.machine.seed = 9;
  EXPECT_NE(open_env("sim", other)->identity, identity);
  other = config;
  other.sim.workload = QUANTA_SOURCE_DIR "/configs/workloads/server_hogs.yaml";
  EXPECT_NE(open_env("sim", other)->identity, identity);
}

TEST(EnvChoice, TheSimulatorNeedsALoad) {
  EXPECT_FALSE(open_env("sim", Config()));
}

}  // namespace
}  // namespace quanta
