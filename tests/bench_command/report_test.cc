#include "agent/bench/bench_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace quanta {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::vector<BenchRow> rows(const std::string& scheduler, const std::vector<double>& p99,
                           const std::vector<double>& work) {
  std::vector<BenchRow> rows;
  rows.reserve(p99.size());
  for (size_t i = 0; i < p99.size(); ++i) {
    rows.push_back({.scheduler = scheduler,
                    .workload = "periodic_hogs",
                    .seed = i + 1,
                    .kernel = "7.3.1",
                    .cpus = 4,
                    .seconds = 3,
                    .metrics = {{"periodic/wakeup_latency_p99_seconds", p99[i]},
                                {"hogs/work_per_second", work[i]}},
                    .counters = {},
                    .error = {}});
  }
  return rows;
}

std::vector<BenchRow> sample() {
  std::vector<BenchRow> all = rows("prior", {0.001, 0.0022, 0.003}, {2, 2.2, 2.1});
  const std::vector<BenchRow> base = rows("eevdf", {0.004, 0.008, 0.012}, {2, 2, 2});
  all.insert(all.end(), base.begin(), base.end());
  return all;
}

TEST(BenchTables, CompareWithEevdfSeedBySeed) {
  EXPECT_EQ(bench_tables(sample(), 200),
            "kernel 7.3.1, 4 CPUs, 3 s measured, seeds 1 2 3; ± is 95%, x: times eevdf, + better, "
            "- worse, = within noise\n"
            "\n"
            "periodic_hogs                                 eevdf                    prior\n"
            "  periodic/wakeup_latency_p99_seconds   8ms ±9.94ms  2.07ms ±2.5ms  x0.258 +\n"
            "  hogs/work_per_second                 2.0/s ±0.0/s    2.1/s ±0.2/s  x1.05 =\n");
}

TEST(BenchTables, SayWhatFailed) {
  std::vector<BenchRow> all = sample();
  for (BenchRow& row : all) {
    if (row.scheduler != "prior") continue;
    row.metrics.clear();
    row.error = "the scheduler ended with 4: no such kfunc";
  }
  EXPECT_THAT(bench_tables(all, 200),
              AllOf(HasSubstr("  failed\n"),
                    HasSubstr("\nfailed: prior, periodic_hogs, seed 2: the scheduler ended with 4: "
                              "no such kfunc\n")));
  EXPECT_EQ(bench_tables({}, 80), "nothing was measured\n");
}

TEST(BenchBars, AreRelativeToEevdf) {
  const BarPlot plot = bench_bars(sample());
  EXPECT_EQ(plot.baseline, "eevdf");
  ASSERT_EQ(plot.panels.size(), 2U);
  const std::vector<Bar>& bars = plot.panels[0].bars;
  ASSERT_EQ(bars.size(), 2U);
  EXPECT_TRUE(bars[0].baseline);
  EXPECT_EQ(bars[0].value.mean, 1);
  EXPECT_NEAR(bars[1].value.mean, 0.2583, 1e-4);
  EXPECT_EQ(bars[1].verdict, Verdict::kBetter) << "less is better";
  EXPECT_EQ(plot.panels[1].bars[1].verdict, Verdict::kSame);
  EXPECT_TRUE(bench_bars({}).panels.empty());
}

TEST(BenchBars, OfOneSeedClaimNothing) {
  std::vector<BenchRow> all = rows("eevdf", {0.004}, {2});
  all.push_back(rows("prior", {0.001}, {2}).front());
  EXPECT_EQ(bench_bars(all).panels[0].bars[1].verdict, Verdict::kSame);
  EXPECT_THAT(bench_tables(all, 200), AllOf(HasSubstr("1ms  x0.25 ="), Not(HasSubstr("±0"))));
}

}  // namespace
}  // namespace quanta
