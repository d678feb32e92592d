// The configurations that Quanta ships.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include "agent/config/config.h"

namespace quanta {
namespace {

Config shipped(const std::string& name) {
  Result<Config> config = load_config(QUANTA_SOURCE_DIR "/configs/" + name + ".yaml");
  EXPECT_TRUE(config) << config.error().message;
  return config.value_or(Config());
}

TEST(ShippedConfig, InteractiveNeedsNoNamesAndPutsLatencyFirst) {
  const Config config = shipped("interactive");
  EXPECT_TRUE(config.reward.weighing.classes.empty());
  EXPECT_GT(config.reward.weight[kTermLatency], config.reward.weight[kTermWait]);
  EXPECT_TRUE(config.sim.workload.starts_with(QUANTA_SOURCE_DIR "/configs/workloads/"));
}

TEST(ShippedConfig, ServerHasClassesWithDeadlines) {
  const Config config = shipped("server");
  ASSERT_FALSE(config.reward.weighing.classes.empty());
  EXPECT_GT(config.reward.weighing.classes[0].deadline, 0U);
  EXPECT_GT(config.reward.weight[kTermDeadline], 0);
}

TEST(ShippedConfig, BatchSwitchesLessThanAnyOther) {
  const Config batch = shipped("batch");
  for (const char* name : {"interactive", "server", "balanced"}) {
    const Config other = shipped(name);
    EXPECT_LT(batch.reward.weight[kTermWait], other.reward.weight[kTermWait]) << name;
    EXPECT_GT(batch.reward.weight[kTermSwitch], other.reward.weight[kTermSwitch]) << name;
    EXPECT_GT(batch.policy.slice, other.policy.slice) << name;
  }
}

class SimSection : public ::testing::Test {
 protected:
  Result<Config> load(const std::string& text) const {
    std::ofstream(file_) << text;
    return load_config(file_);
  }
  const std::string file_ = testing::TempDir() + "sim_section_test.yaml";
};

TEST_F(SimSection, UserDispatchCostsARoundTrip) {
  const Config kernel = *load("env: {sim: {dispatch: kernel}}");
  const Config user = *load("env: {sim: {dispatch: user}}");
  EXPECT_EQ(kernel.sim.machine.dispatch_latency, 0U);
  EXPECT_GT(user.sim.machine.dispatch_latency, 0U);
  EXPECT_GT(user.sim.machine.dispatch_cost, kernel.sim.machine.dispatch_cost);
  EXPECT_EQ(
      load("env: {sim: {dispatch: user, dispatch_latency: 20us}}")->sim.machine.dispatch_latency,
      20 * kMicrosecond);
}

TEST_F(SimSection, AWorkloadThatIsNotThereIsNamed) {
  const Result<Config> config = load("env:\n  sim:\n    workload: nowhere.yaml\n");
  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().message,
            file_ +
                ":3: key 'env.sim.workload': expected a workload file or trace, relative to this "
                "file, got 'nowhere.yaml'");
}

TEST(BuiltInConfig, IsInteractiveWithoutItsLoad) {
  const Config file = shipped("interactive");
  const Config built_in = default_config();
  EXPECT_EQ(built_in.reward.weight, file.reward.weight);
  EXPECT_EQ(built_in.policy.slice, file.policy.slice);
  EXPECT_EQ(built_in.metrics.address, file.metrics.address);
  EXPECT_TRUE(built_in.sim.workload.empty());
}

TEST(BuiltInConfig, KeepsCheckpointsWhereTheServiceManagerSays) {
  ::setenv("STATE_DIRECTORY", "/somewhere", 1);
  EXPECT_EQ(default_config().checkpoint.directory, "/somewhere");
  ::unsetenv("STATE_DIRECTORY");
  EXPECT_EQ(default_config().checkpoint.directory, "/var/lib/scx_quanta");
}

}  // namespace
}  // namespace quanta
