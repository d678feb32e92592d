// A run is a function of its seed alone, and goes on from saved state as if it had not been
// stopped.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "tests/sim/golden.h"

namespace quanta {
namespace {

constexpr SimScheduler kBoth[] = {SimScheduler::kExt, SimScheduler::kEevdf};

std::vector<Event> events_of(const std::string& workload, SimScheduler scheduler, uint64_t seed) {
  SimEnv env({.seed = seed}, shipped(workload), scheduler, kSecond / 2);
  return run(env);
}

TEST(DeterminismTest, SameSeedSameEventsAnotherSeedOthers) {
  for (const SimScheduler scheduler : kBoth) {
    const uint64_t first = signature(events_of("desktop", scheduler, 7));
    EXPECT_EQ(first, signature(events_of("desktop", scheduler, 7)));
    EXPECT_NE(first, signature(events_of("desktop", scheduler, 8)));
  }
}

// What changes these on purpose updates the file: sim_golden >tests/golden/sim.txt
TEST(DeterminismTest, ShippedWorkloadsGiveTheGoldenSignatures) {
  std::ifstream in(QUANTA_SOURCE_DIR "/tests/golden/sim.txt");
  std::stringstream golden;
  golden << in.rdbuf();
  EXPECT_EQ(golden_lines(), golden.str());
}

TEST(DeterminismTest, RunsAreTheSameInOnePieceAndInMany) {
  for (const SimScheduler scheduler : kBoth) {
    SimEnv whole({}, shipped("game_build"), scheduler, kSecond);
    SimEnv parts({}, shipped("game_build"), scheduler, 0);
    std::vector<Event> events;
    for (Nanos end = 0; end <= kSecond; end += kSecond / 10) {
      parts.extend(end);
      for (const Event& e : run(parts)) events.push_back(e);
    }
    EXPECT_EQ(signature(events), signature(run(whole)));
  }
}

TEST(SavedStateTest, GoesOnExactlyWhereItStopped) {
  for (const std::string& workload : shipped_workloads()) {
    for (const SimScheduler scheduler : kBoth) {
      MachineConfig config;
      config.dispatch_latency = 20 * kMicrosecond;  // decisions are under way when it is saved
      const Load load = shipped(workload);
      SimEnv first(config, load, scheduler, kSecond / 4);
      run(first);
      std::string state;
      ASSERT_TRUE(first.save(state));
      SimEnv second(config, load, scheduler, kSecond / 4);
      ASSERT_TRUE(second.load(state)) << workload;
      first.extend(kSecond / 2);
      second.extend(kSecond / 2);
      EXPECT_EQ(signature(run(first)), signature(run(second))) << workload;
      std::string state1;
      std::string state2;
      ASSERT_TRUE(first.save(state1) && second.save(state2));
      EXPECT_EQ(state1, state2) << workload;
    }
  }
}

TEST(SavedStateTest, OfAnotherLoadClassSizeOrLengthIsRefused) {
  const Load load = shipped("periodic_hogs");
  SimEnv env({}, load, SimScheduler::kExt, kSecond / 10);
  run(env);
  std::string state;
  ASSERT_TRUE(env.save(state));
  const auto taken = [&](const MachineConfig& config, const Load& other, SimScheduler scheduler,
                         const std::string& bytes) {
    return SimEnv(config, other, scheduler, kSecond).load(bytes);
  };
  EXPECT_TRUE(taken({}, load, SimScheduler::kExt, state));
  EXPECT_FALSE(taken({.cpus = 8}, load, SimScheduler::kExt, state));
  EXPECT_FALSE(taken({}, shipped("game_hogs"), SimScheduler::kExt, state));
  EXPECT_FALSE(taken({}, load, SimScheduler::kEevdf, state));
  Load ending = load;
  ending.groups[0].until = 2 * kSecond;
  EXPECT_FALSE(taken({}, ending, SimScheduler::kExt, state));
  EXPECT_FALSE(taken({}, load, SimScheduler::kExt, state + "x"));
  EXPECT_FALSE(taken({}, load, SimScheduler::kExt, ""));
  for (size_t n = 1; n < state.size(); n += 997) {
    EXPECT_FALSE(taken({}, load, SimScheduler::kExt, state.substr(0, n))) << n;
  }
}

}  // namespace
}  // namespace quanta
