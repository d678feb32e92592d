#include "agent/bench/load.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace quanta {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> names(const std::vector<std::string>& texts) {
  std::vector<std::string> names;
  const auto loads = select_bench_loads(texts);
  if (!loads) return {loads.error().message};
  for (const BenchLoad& load : *loads) names.push_back(load.name);
  return names;
}

TEST(BenchLoads, WithoutNamesAreTheFirstSeven) {
  EXPECT_THAT(names({}), ElementsAre("periodic_hogs", "game_hogs", "server_hogs", "periodic_build",
                                     "messages", "build", "hackbench"));
}

TEST(BenchLoads, AreNamedOrMadeOfGroups) {
  EXPECT_THAT(names({"messages,build", "game_io", "mine=game:count=2,fps=30 hogs", "io:count=3"}),
              ElementsAre("messages", "build", "game_io", "mine", "io:count=3"));
  const auto loads = select_bench_loads({"mine=game:count=2,fps=30 hogs"});
  EXPECT_THAT(loads->front().groups, ElementsAre("game:count=2,fps=30", "hogs"));
  EXPECT_FALSE(loads->front().fixed());
  EXPECT_TRUE(select_bench_loads({"build"})->front().fixed());
  EXPECT_THAT(names({"double_game_messages,periodic_messages,game_hackbench"}),
              ElementsAre("double_game_messages", "periodic_messages", "game_hackbench"));
}

TEST(BenchLoads, ThatAreWrongAreOneLine) {
  EXPECT_THAT(names({"game_hog"}),
              ElementsAre("unknown workload 'game_hog'; did you mean 'game_hogs'?"));
  EXPECT_THAT(names({"qqqqqqqq"}), ElementsAre(HasSubstr("known: periodic_hogs, game_hogs")));
  EXPECT_THAT(names({"build,build"}), ElementsAre("--workload: 'build' is given twice"));
  EXPECT_THAT(names({"mine="}), ElementsAre(HasSubstr("expected NAME=GROUP GROUP...")));
  EXPECT_THAT(names({"build=hogs"}), ElementsAre(HasSubstr("'build' is the name of a load")));
}

TEST(BenchLoads, AreNicedWhereSomebodyWaits) {
  const auto groups = [](std::vector<std::string> of, int nice) {
    return with_nice({.name = "mine", .groups = std::move(of), .figures = {}}, nice).groups;
  };
  EXPECT_THAT(groups({"periodic", "game:count=2", "server:"}, -15),
              ElementsAre("periodic:nice=-15", "game:nice=-15,count=2", "server:nice=-15"));
  const std::vector<std::string> others{"hogs:count=2", "build", "messages", "io", "gamer"};
  EXPECT_EQ(groups(others, -15), others);
  const std::vector<std::string> own{"game:nice=-5", "server:workers=3,nice=0"};
  EXPECT_EQ(groups(own, -15), own);
  EXPECT_THAT(groups({"game:name=nice"}, -15), ElementsAre("game:nice=-15,name=nice"));
  EXPECT_THAT(groups({"game"}, 0), ElementsAre("game"));
}

TEST(BenchFigures, AreThePresetsOrAllThatTell) {
  const LoadMetrics measured{{"game/fps", 60},
                             {"game/frame_p99_seconds", 0.02},
                             {"game/frame_mean_seconds", 0.01},
                             {"hogs/work_per_second", 3}};
  EXPECT_THAT(figures_of("game_hogs", measured),
              ElementsAre("game/fps", "game/frame_p99_seconds", "hogs/work_per_second"));
  EXPECT_THAT(figures_of("build", measured), IsEmpty());
  EXPECT_THAT(figures_of("mine", measured),
              ElementsAre("game/fps", "game/frame_p99_seconds", "hogs/work_per_second"));
}

TEST(BenchFigures, HaveADirection) {
  EXPECT_TRUE(less_is_better("game/frame_p99_seconds"));
  EXPECT_FALSE(less_is_better("messages/requests_per_second"));
  EXPECT_FALSE(less_is_better("game/fps"));
}

}  // namespace
}  // namespace quanta
