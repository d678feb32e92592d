#include "agent/bench/row.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/bench_command/folder.h"

namespace quanta {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

BenchRow row(const std::string& scheduler, uint64_t seed, double fps) {
  return {.scheduler = scheduler,
          .workload = "game_hogs",
          .seed = seed,
          .kernel = "7.3.1",
          .cpus = 4,
          .seconds = 3,
          .metrics = {{"game/fps", fps}},
          .counters = {{"quanta_live_undecided_total", 7}},
          .error = {}};
}

TEST(BenchRows, ComeBackFromJson) {
  BenchRow broken = row("prior", 2, 0);
  broken.metrics.clear();
  broken.error = "it \"died\"";
  const auto rows = parse_bench_rows(to_json({row("eevdf", 1, 30.25), broken}));
  ASSERT_TRUE(rows) << rows.error().message;
  ASSERT_EQ(rows->size(), 2U);
  EXPECT_EQ(to_json(*rows), to_json({row("eevdf", 1, 30.25), broken}));
  EXPECT_EQ(rows->front().metrics.at("game/fps"), 30.25);
  EXPECT_EQ(rows->front().counters.at("quanta_live_undecided_total"), 7);
  EXPECT_EQ(rows->back().error, "it \"died\"");
}

TEST(BenchRows, OfSeveralFilesAreMergedTheLaterOneCounts) {
  const Folder folder;
  const std::string a = folder.write("a.json", to_json({row("eevdf", 1, 30), row("prior", 1, 50)}));
  const std::string b = folder.write("b.json", to_json({row("prior", 1, 60), row("prior", 2, 61)}));
  const auto rows = merge_bench_rows({a, b});
  ASSERT_TRUE(rows) << rows.error().message;
  EXPECT_EQ(to_json(*rows),
            to_json({row("eevdf", 1, 30), row("prior", 1, 60), row("prior", 2, 61)}));
}

TEST(BenchRows, OfAnotherKernelOrFileAreRefused) {
  const Folder folder;
  BenchRow other = row("prior", 1, 60);
  other.kernel = "6.16";
  const std::string a = folder.write("a.json", to_json({row("eevdf", 1, 30)}));
  const std::string b = folder.write("b.json", to_json({other}));
  EXPECT_THAT(merge_bench_rows({a, b}).error().message,
              AllOf(StartsWith(b + ": of 6.16"), HasSubstr("not comparable")));
  EXPECT_THAT(merge_bench_rows({folder / "none"}).error().message, HasSubstr("cannot be read"));
  const std::string text = folder.write("c.json", "[{\"seed\": 1}]");
  EXPECT_THAT(merge_bench_rows({text}).error().message,
              StartsWith(text + ": not results of scx_quanta bench"));
}

}  // namespace
}  // namespace quanta
