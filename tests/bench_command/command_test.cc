// `scx_quanta bench` as a person calls it, on whatever kernel this is.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <filesystem>

#include "agent/bench/bench.h"
#include "agent/bench/process.h"
#include "agent/bench/row.h"
#include "tests/bench_command/folder.h"

namespace quanta {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Pair;
using ::testing::StartsWith;

const std::atomic<bool> kNotInterrupted{false};

class BenchCommand : public ::testing::Test {
 protected:
  Result<Process> start(const std::vector<std::string>& arguments) {
    std::vector<std::string> words{QUANTA_BINARY_DIR "/bin/scx_quanta", "bench"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    return Process::start({.words = words, .folder = folder_.path(), .name = "bench"});
  }
  int call(const std::vector<std::string>& arguments) {
    Result<Process> process = start(arguments);
    if (!process || !process->wait(100 * kSecond, kNotInterrupted)) return -1;
    return process->exit_code();
  }
  std::string out() const { return folder_.read("bench.out"); }
  std::string err() const { return folder_.read("bench.err"); }

  Folder folder_;
};

TEST_F(BenchCommand, MeasuresTheKernelsOwnScheduler) {
  const int code =
      call({"--scheduler", "eevdf", "--workload", "mine=hogs:count=1 periodic", "--seeds", "2",
            "--seconds", "0.2", "--warmup", "0", "--json", "rows.json", "--plot", "bars.svg"});
  EXPECT_EQ(code, 0) << err();
  EXPECT_THAT(out(), AllOf(HasSubstr("seeds 1 2"), HasSubstr("hogs/work_per_second")));
  EXPECT_THAT(err(), HasSubstr("2/2  eevdf, mine, seed 2\n"));
  EXPECT_THAT(folder_.read("bars.svg"), StartsWith("<"));
  const auto rows = parse_bench_rows(folder_.read("rows.json"));
  ASSERT_TRUE(rows);
  EXPECT_EQ(rows->size(), 2U);

  const std::string table = out();
  EXPECT_EQ(call({"--merge", "rows.json", "rows.json", "--json", "again.json"}), 0) << err();
  EXPECT_EQ(out(), table);
  EXPECT_EQ(folder_.read("again.json"), folder_.read("rows.json"));
}

TEST_F(BenchCommand, EndsOnCtrlCWithWhatItHas) {
  Result<Process> process = start({"--scheduler", "eevdf", "--workload", "mine=hogs:count=1",
                                   "--seconds", "60", "--warmup", "0"});
  ASSERT_TRUE(process);
  while (err().empty()) ASSERT_FALSE(process->wait(10 * kMillisecond, kNotInterrupted));
  process->end(SIGINT, 30 * kSecond);
  EXPECT_EQ(process->exit_code(), 130);
  EXPECT_EQ(out(), "nothing was measured\n");
}

TEST_F(BenchCommand, WithoutSchedExtNamesTheVirtualMachine) {
  if (std::filesystem::exists("/sys/kernel/sched_ext") && geteuid() == 0) GTEST_SKIP();
  EXPECT_EQ(call({}), 1);
  EXPECT_THAT(err(), AllOf(StartsWith("live: "), HasSubstr("./vm -- scx_quanta bench")));
}

TEST_F(BenchCommand, WhatIsWrongIsOneLine) {
  EXPECT_EQ(call({"--scheduler", "eevfd"}), 1);
  EXPECT_EQ(err(), "unknown scheduler 'eevfd'; did you mean 'eevdf'?\n");
  EXPECT_EQ(call({"--seeds", "x"}), 1);
  EXPECT_EQ(call({"--merge", "none.json"}), 1);
  EXPECT_THAT(err(), StartsWith("none.json: cannot be read"));
}

std::vector<std::string> names_of(const std::vector<BenchScheduler>& schedulers) {
  std::vector<std::string> names;
  for (const BenchScheduler& scheduler : schedulers) names.push_back(scheduler.name);
  return names;
}

TEST(BenchSchedulers, RunOnceWithEachConfig) {
  const Folder folder;
  const std::string a = folder.write("a.yaml", "");
  const std::string b = folder.write("b.yaml", "");
  const auto schedulers = select_bench_schedulers({"eevdf", "prior"}, {a, b});
  ASSERT_TRUE(schedulers) << schedulers.error().message;
  EXPECT_THAT(names_of(*schedulers), ElementsAre("eevdf", "prior:a", "prior:b"));
  EXPECT_FALSE(select_bench_schedulers({"prior", "prior"}, {}));
  EXPECT_FALSE(select_bench_schedulers({"prior"}, {folder / "none.yaml"}));
}

TEST(BenchSchedulers, AreAllButThoseThatLearnByDefault) {
  EXPECT_THAT(names_of(*select_bench_schedulers({}, {})),
              ElementsAre("eevdf", "eevdf-1ms", "eevdf-tuned", "heuristic", "prior", "prior-user"));
}

TEST(BenchSchedulers, OfTheKernelAreTunedInSteps) {
  const auto schedulers = select_bench_schedulers({"eevdf", "eevdf-1ms", "eevdf-tuned"}, {});
  ASSERT_TRUE(schedulers) << schedulers.error().message;
  std::vector<std::pair<bool, int>> tuning;
  for (const BenchScheduler& scheduler : *schedulers) {
    EXPECT_FALSE(scheduler.own()) << scheduler.name;
    tuning.emplace_back(scheduler.tuned, scheduler.nice);
  }
  EXPECT_THAT(tuning, ElementsAre(Pair(false, 0), Pair(true, 0), Pair(true, -15)));
}

// With a script in place of the loads' program that notes its arguments.
TEST(BenchRun, GivesGroupsTheSchedulersNice) {
  const Folder folder;
  const std::string program =
      folder.write("workload", "#!/bin/sh\necho \"$@\" >>" + folder / "arguments" +
                                   "\necho '{\"groups\": []}'\n");
  std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  const BenchLoad load{.name = "mine", .groups = {"game:count=2", "hogs"}, .figures = {}};
  const BenchPlan plan{.schedulers = {{.name = "plain", .arguments = {}},
                                      {.name = "niced", .nice = -15, .arguments = {}}},
                       .loads = {load},
                       .seeds = {1},
                       .workload_program = program};
  const auto rows = run_bench(plan, [](size_t, size_t, const std::string&) {}, kNotInterrupted);
  ASSERT_TRUE(rows) << rows.error().message;
  for (const BenchRow& row : *rows) EXPECT_EQ(row.error, "");
  EXPECT_THAT(folder.read("arguments"),
              MatchesRegex(".* game:count=2 hogs\n.* game:nice=-15,count=2 hogs\n"));
}

}  // namespace
}  // namespace quanta
