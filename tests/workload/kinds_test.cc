// Every kind of load, for real and briefly: what holds on however busy a machine.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sched.h>

#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/workload/program.h"

namespace quanta::workload {
namespace {

using Json = nlohmann::json;

Json results(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"--warmup", "0.1"});
  Program program(arguments);
  EXPECT_EQ(program.wait(), 0) << program.err();
  EXPECT_EQ(program.err(), "");
  EXPECT_THAT(program.processes(), testing::IsEmpty());
  return Json::parse(program.out(), nullptr, false);
}

// The test and what it starts, while this lives.
class OneCpu {
 public:
  OneCpu() {
    ::sched_getaffinity(0, sizeof(before_), &before_);
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(::sched_getcpu(), &one);
    ::sched_setaffinity(0, sizeof(one), &one);
  }
  ~OneCpu() { ::sched_setaffinity(0, sizeof(before_), &before_); }

 private:
  cpu_set_t before_{};
};

double total(const Json& summary) {
  return summary.at("mean").get<double>() * summary.at("count").get<double>();
}

void expect_sane(const Json& summary) {
  EXPECT_GT(summary.at("count"), 0);
  EXPECT_LE(summary.at("p50"), summary.at("p99"));
  EXPECT_LE(summary.at("p99"), summary.at("p999"));
  EXPECT_LE(summary.at("p999"), summary.at("max"));
  EXPECT_LE(summary.at("mean"), summary.at("max"));
}

struct Expected {
  const char* group;
  const char* goal;
  std::vector<const char*> summaries;
};

class EveryKind : public testing::TestWithParam<Expected> {};

TEST_P(EveryKind, ReportsWhatItsTasksExperienced) {
  const Json json = results({"--seconds", "0.5", "--seed", "7", GetParam().group});
  ASSERT_TRUE(json.is_object());
  EXPECT_EQ(json.at("seed"), 7);
  EXPECT_DOUBLE_EQ(json.at("seconds"), 0.5);
  ASSERT_EQ(json.at("groups").size(), 1U);
  const Json& group = json.at("groups").front();
  const double cpu = group.at("cpu_seconds");
  EXPECT_GT(group.at("goals").at(GetParam().goal), 0.0);
  EXPECT_GT(cpu, 0.0);
  // A job of a build counts when it ends, with what it did before the window.
  EXPECT_LT(cpu, 0.5 * std::thread::hardware_concurrency() + 0.3);
  for (const char* name : GetParam().summaries) expect_sane(group.at(name));
}

INSTANTIATE_TEST_SUITE_P(
    Workload, EveryKind,
    testing::Values(
        Expected{"periodic", "releases_per_second", {"wakeup_latency_seconds", "response_seconds"}},
        Expected{"hogs:count=2", "work_per_second", {}},
        Expected{"io:burst=2ms", "bursts_per_second", {"wakeup_latency_seconds"}},
        Expected{"game:frame=4ms", "fps", {"frame_seconds", "frame_latency_seconds"}},
        Expected{"server", "requests_per_second", {"response_seconds"}},
        Expected{"build:most=10ms", "jobs_per_second", {"job_seconds"}},
        Expected{"messages", "requests_per_second", {"wakeup_latency_seconds", "request_seconds"}},
        Expected{"flood", "messages_per_second", {}},
        Expected{"locks",
                 "operations_per_second",
                 {"lock_wait_seconds", "held_off_cpu_seconds", "lock_wait_interrupted_seconds"}}),
    [](const auto& instance) {
      const std::string group = instance.param.group;
      return group.substr(0, group.find(':'));
    });

TEST(Workload, CountsEachReleaseOnce) {
  const Json json = results({"--seconds", "0.5", "periodic:count=2,period=5ms"});
  const Json& group = json.at("groups").front();
  // One that is not done at the end has woken up, or is counted as waiting.
  const uint64_t done = group.at("done");
  EXPECT_GE(group.at("wakeup_latency_seconds").at("count"), done);
  EXPECT_LE(group.at("wakeup_latency_seconds").at("count"), done + 2);
}

TEST(Workload, AFixedBuildEndsWithItsWork) {
  const Json json = results({"--seconds", "60", "build:total=12,most=4ms", "hogs:count=1"});
  const Json& build = json.at("groups").front();
  EXPECT_EQ(build.at("done"), 12);
  EXPECT_EQ(build.at("goals").at("elapsed_seconds"), json.at("seconds"));
  EXPECT_LT(json.at("seconds"), 30.0);
  EXPECT_GE(build.at("cpu_seconds"), build.at("demanded_cpu_seconds"));
}

TEST(Workload, AFloodReachesEveryTask) {
  const Json json = results({"--seconds", "0.5", "flood:groups=2,pairs=2"});
  const Json& flood = json.at("groups").front();
  EXPECT_EQ(flood.at("tasks"), 8);
  EXPECT_GT(flood.at("task_cpu_seconds").at("min"), 0.0);
}

TEST(Workload, ASteadyServersRequestsAreAllAlike) {
  const Json json = results({"--seconds", "0.3", "server:steady=1,service=100us"});
  const double demanded = json.at("groups").front().at("demanded_cpu_seconds");
  const double requests = demanded / 100e-6;
  EXPECT_GT(requests, 1.0);
  EXPECT_NEAR(requests, std::round(requests), 1e-6 * requests);
}

TEST(Workload, ALockIsHeldByOneThreadAtATime) {
  const Json json = results({"--seconds", "0.5", "locks:threads=4,outside=1us,inside=2ms"});
  const Json& group = json.at("groups").front();
  EXPECT_GT(group.at("done"), 2);
  EXPECT_LT(group.at("cpu_seconds"), 0.5 * 1.1);
  EXPECT_GT(total(group.at("lock_wait_seconds")), 0.5);  // three of four wait
}

TEST(Workload, SaysHowLongHoldersWereOffTheCpu) {
  const OneCpu pinned;
  const Json json =
      results({"--seconds", "1", "locks:threads=4,outside=200us,inside=200us", "hogs:count=2"});
  const Json& group = json.at("groups").front();
  const double off = total(group.at("held_off_cpu_seconds"));
  const double cpu = group.at("cpu_seconds");
  EXPECT_GT(off, 0.05);
  EXPECT_LT(off + cpu / 2, 1.1);  // one holds the lock, half of the CPU time is within
  EXPECT_LT(group.at("held_off_cpu_seconds").at("p50"), 50e-6);  // most are not interrupted
  const double share = group.at("interrupted_share");
  const double interrupted = group.at("interrupted_holds");
  EXPECT_GT(share, 0.05);
  EXPECT_NEAR(share, interrupted / group.at("done").get<double>(), 1e-9);
  const double wait = total(group.at("lock_wait_seconds"));
  const double blamed = total(group.at("lock_wait_interrupted_seconds"));
  EXPECT_GT(blamed, off);  // several wait for each
  EXPECT_LE(blamed, wait);
}

TEST(Workload, EqualSeedsDemandEqualWork) {
  const auto demanded = [](const char* seed) -> double {
    const Json json = results({"--seed", seed, "build:total=10,most=4ms"});
    return json.at("groups").front().at("demanded_cpu_seconds");
  };
  const double first = demanded("3");
  EXPECT_EQ(first, demanded("3"));
  EXPECT_NE(first, demanded("4"));
}

}  // namespace
}  // namespace quanta::workload
