#include "agent/shadow/twin.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "agent/shadow/shadowing.h"

namespace quanta {
namespace {

constexpr Nanos kWindow = 2 * kSecond;

// Two tasks that compute all the time and one that wakes up every 10 ms for 100 us, on two CPUs.
Trace busy_trace() {
  Trace trace;
  trace.duration = kWindow;
  trace.cpus = 2;
  for (int i = 0; i < 4; ++i) {
    TraceTask& hog = trace.tasks.emplace_back();
    hog.names = {"hog"};
    hog.process = static_cast<uint32_t>(i);
    hog.ops = {{TraceOpKind::kRun, kWindow}};
  }
  TraceTask& periodic = trace.tasks.emplace_back();
  periodic.names = {"periodic"};
  periodic.process = 4;
  for (int i = 0; i < 150; ++i) {
    periodic.ops.push_back({TraceOpKind::kSleep, 10 * kMillisecond});
    periodic.ops.push_back({TraceOpKind::kRun, 100 * kMicrosecond});
  }
  return trace;
}

WatchedWindow window_with(Nanos wait) {
  WatchedWindow window;
  window.trace = busy_trace();
  for (int i = 0; i < 300; ++i) window.waits.wakeup.add(wait);
  return window;
}

class TwinTest : public ::testing::Test {
 protected:
  TwinTest() { config_.shadow.comm = {"periodic"}; }
  Config config_;
};

TEST_F(TwinTest, TheFirstWindowOnlyCalibrates) {
  Twin twin(config_, 2, {});
  EXPECT_FALSE(twin.step());
  const auto first = twin.live_through(window_with(kMillisecond), [] {});
  ASSERT_TRUE(first);
  EXPECT_FALSE(first->has_value());
  EXPECT_TRUE(twin.step());
}

TEST_F(TwinTest, ComparesSchedulersOnWhatWasWatched) {
  Twin twin(config_, 2, {});
  ASSERT_TRUE(twin.live_through(window_with(kMillisecond), [] {}));
  const auto result = twin.live_through(window_with(3 * kMillisecond), [] {});
  ASSERT_TRUE(result && result->has_value());
  const TwinReport& report = **result;
  EXPECT_NEAR(report.measured.p99, 3 * kMillisecond, 0.1 * kMillisecond);
  // Under a scheduler with a tick of 4 ms the short task waits for hogs; under the prior it does
  // not.
  EXPECT_GT(report.kernel.p99, kMillisecond);
  EXPECT_LT(report.prior.p99, kMillisecond);
  EXPECT_GT(report.prior.reward, report.kernel.reward);
  EXPECT_NEAR(report.error_p99,
              std::abs(report.kernel.p99 - report.measured.p99) / report.measured.p99, 1e-9);
  EXPECT_EQ(report.wakeups, 300U);
}

TEST_F(TwinTest, TheSameWindowGivesTheSameReport) {
  std::string lines[2];
  for (std::string& line : lines) {
    Twin twin(config_, 2, {});
    ASSERT_TRUE(twin.live_through(window_with(kMillisecond), [] {}));
    line = describe(**twin.live_through(window_with(kMillisecond), [] {}));
  }
  EXPECT_EQ(lines[0], lines[1]);
}

TEST_F(TwinTest, AQuietWindowIsNotCompared) {
  Twin twin(config_, 2, {});
  ASSERT_TRUE(twin.live_through(window_with(kMillisecond), [] {}));
  WatchedWindow quiet = window_with(kMillisecond);
  quiet.waits = {};
  const auto result = twin.live_through(quiet, [] {});
  ASSERT_TRUE(result);
  EXPECT_FALSE(result->has_value());
}

TEST_F(TwinTest, MoreTasksThanTheTableHoldsAreAnError) {
  config_.shadow.max_tasks = 3;
  Twin twin(config_, 2, {});
  const auto result = twin.live_through(window_with(kMillisecond), [] {});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message, "the window has more tasks than 'env.shadow.max_tasks'");
}

TEST(TwinLoad, OnlyFittingTasksAreInTheGroupThatIsCompared) {
  ShadowConfig config;
  config.comm = {"periodic"};
  const Result<Load> load = twin_load(window_with(1), TaskFilter(config));
  ASSERT_TRUE(load);
  EXPECT_EQ(load->programs[0].group, 1U);
  EXPECT_EQ(load->programs[4].group, kTwinWatched);
}

TEST(TwinLoad, StartDelaysAreTheMeasuredQuantiles) {
  MachineConfig machine;
  MeasuredWaits waits;
  for (Nanos i = 1; i <= 1000; ++i) waits.idle.add(i * kMicrosecond);
  calibrate(machine, waits);
  EXPECT_NEAR(machine.idle_delay[0], 15'600, 800);
  EXPECT_NEAR(machine.idle_delay[31], 984'000, 32'000);
  EXPECT_LT(machine.idle_delay[15], machine.idle_delay[16]);
  EXPECT_EQ(machine.push_delay.back(), 0U);
  const auto before = machine.idle_delay;
  calibrate(machine, MeasuredWaits());
  EXPECT_EQ(machine.idle_delay, before);
}

TEST(Describe, IsOneLineForPeople) {
  TwinReport report;
  report.measured.p99 = 3.1 * kMillisecond;
  report.learned.p99 = 0.2 * kMillisecond;
  report.error_p99 = 0.081;
  EXPECT_EQ(describe(report), "wake-up p99 now 3.10 ms; with Quanta 200 us (twin error 8%)");
}

}  // namespace
}  // namespace quanta
