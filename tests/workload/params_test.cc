// Groups as the command line gives them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "env/workload/spec.h"

namespace quanta::workload {
namespace {

using ::testing::StartsWith;

std::string error_of(const std::vector<std::string>& groups) {
  const auto parsed = parse_groups(groups);
  return parsed ? "" : parsed.error().message;
}

TEST(Groups, KeepTheDefaultsOfWhatIsNotGiven) {
  const auto groups = parse_groups({"periodic:period=4ms,nice=-5", "hogs:name=batch"});
  ASSERT_TRUE(groups);
  ASSERT_EQ(groups->size(), 2U);
  const GroupSpec& periodic = groups->front();
  EXPECT_EQ(periodic.name, "periodic");
  EXPECT_EQ(periodic.tasks(), 8U);
  EXPECT_EQ(periodic.params.duration("period"), 4 * kMillisecond);
  EXPECT_EQ(periodic.params.number("nice"), -5);
  EXPECT_EQ(groups->back().name, "batch");
}

TEST(Groups, CountTheirTasks) {
  const auto groups = parse_groups({"game:count=2", "server:clients=3,workers=4", "build:jobs=9",
                                    "messages:messengers=2,workers=5", "flood:groups=3,pairs=4"});
  ASSERT_TRUE(groups);
  std::vector<size_t> tasks;
  for (const GroupSpec& group : *groups) tasks.push_back(group.tasks());
  EXPECT_THAT(tasks, testing::ElementsAre(8, 7, 1, 12, 24));
}

TEST(Groups, HaveFixedWorkWhereATotalIsGiven) {
  EXPECT_FALSE(parse_groups({"build"})->front().fixed());
  EXPECT_TRUE(parse_groups({"build:total=200"})->front().fixed());
}

TEST(Groups, SayWhatIsWrongInOneLine) {
  EXPECT_EQ(error_of({"gmae"}), "group 'gmae': unknown kind 'gmae'; did you mean 'game'?");
  EXPECT_THAT(error_of({"xyzzy"}), StartsWith("group 'xyzzy': unknown kind 'xyzzy' (known: "));
  EXPECT_EQ(error_of({"hogs:cuont=2"}),
            "group 'hogs:cuont=2': unknown key 'cuont'; did you mean 'count'?");
  EXPECT_EQ(error_of({"hogs:count=0"}),
            "group 'hogs:count=0': key 'count': expected a whole number from 1 to 1024, got '0'");
  EXPECT_EQ(error_of({"io:read=5"}),
            "group 'io:read=5': key 'read': expected a duration from 1us to 10s, got '5'");
  EXPECT_EQ(error_of({"hogs:count"}), "group 'hogs:count': expected KEY=VALUE, got 'count'");
  EXPECT_EQ(error_of({"hogs:count=1,count=2"}),
            "group 'hogs:count=1,count=2': key 'count': given twice");
  EXPECT_EQ(error_of({"hogs", "hogs:count=2"}),
            "group 'hogs:count=2': another one is named 'hogs' too; add name=...");
  EXPECT_THAT(error_of({"hogs:name="}), StartsWith("group 'hogs:name=': key 'name': expected"));
}

}  // namespace
}  // namespace quanta::workload
