// What a person asks for is found, or answered with one line that helps.
#include "agent/eval/selection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace quanta {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kConfig = QUANTA_SOURCE_DIR "/configs/any.yaml";

std::string file(const std::string& name, const std::string& text) {
  const std::string path = testing::TempDir() + name;
  std::ofstream(path) << text;
  return path;
}

TEST(Seeds, AreANumberOrAList) {
  EXPECT_THAT(parse_seeds("3").value(), ElementsAre(1, 2, 3));
  EXPECT_THAT(parse_seeds("7,9").value(), ElementsAre(7, 9));
  EXPECT_THAT(parse_seeds("7,").value(), ElementsAre(7));
  for (const char* wrong :
       {"", "0", "x", "3,x", "-1", "1001", "1;2", ",", "3 4", "99999999999999999999"}) {
    const auto seeds = parse_seeds(wrong);
    ASSERT_FALSE(seeds) << wrong;
    EXPECT_THAT(seeds.error().message, HasSubstr("expected a number up to 1000 or a list"));
  }
  EXPECT_THAT(parse_seeds("3,3").error().message, HasSubstr("two seeds are named '3'"));
}

TEST(Policies, DefaultToAllAndNameTheNearest) {
  EXPECT_EQ(select_policies({}).value(), policy_names());
  EXPECT_THAT(select_policies({"full", "eevdf"}).value(), ElementsAre("full", "eevdf"));
  EXPECT_EQ(select_policies({"indx"}).error().message,
            "unknown policy 'indx'; did you mean 'index'?");
  EXPECT_THAT(select_policies({"wombat"}).error().message, HasSubstr("known: eevdf, fifo"));
  EXPECT_FALSE(select_policies({"full", "full"}));
}

TEST(Workloads, DefaultToAllThatAreShipped) {
  const Result<std::vector<Load>> loads = select_loads({}, kConfig);
  ASSERT_TRUE(loads) << loads.error().message;
  std::vector<std::string> names;
  for (const Load& load : *loads) names.push_back(load.name);
  EXPECT_THAT(names, Contains("periodic_hogs"));
  EXPECT_THAT(names, Contains("desktop"));
  EXPECT_THAT(names, Contains("desktop.trace"));
}

TEST(Workloads, AreFilesOrShippedNames) {
  const std::string own = file("own.yaml", "groups: {hogs: {kind: hog, count: 2}}\n");
  const auto loads = select_loads({"victims", own, "desktop.trace"}, kConfig);
  ASSERT_TRUE(loads) << loads.error().message;
  EXPECT_EQ((*loads)[0].name, "victims");
  EXPECT_EQ((*loads)[1].name, "own");
  EXPECT_EQ(select_loads({"victim"}, kConfig).error().message,
            "unknown workload 'victim'; did you mean 'victims'?");
  EXPECT_EQ(select_loads({"no/such.yaml"}, kConfig).error().message, "no/such.yaml: no such file");
  EXPECT_THAT(select_loads({"victims", "victims"}, kConfig).error().message,
              HasSubstr("two workloads are named 'victims'"));
  EXPECT_THAT(select_loads({}, "/nowhere/x.yaml").error().message,
              HasSubstr("/nowhere/workloads: no workloads there"));
}

TEST(Configs, AreNamedAfterTheirFilesAndRead) {
  const std::string a = file("a.yaml", "reward: {terms: {throughput: {weight: 7}}}\n");
  const auto configs = read_configs({a});
  ASSERT_TRUE(configs) << configs.error().message;
  EXPECT_EQ((*configs)[0].name, "a");
  EXPECT_EQ((*configs)[0].experiment.agent.reward.weight[kTermThroughput], 7);
  EXPECT_THAT(read_configs({a, a}).error().message, HasSubstr("two configs are named 'a'"));
  const auto wrong = read_configs({file("b.yaml", "rewards: {}\n")});
  ASSERT_FALSE(wrong);
  EXPECT_THAT(wrong.error().message, HasSubstr("b.yaml:1"));
  EXPECT_THAT(wrong.error().message, Not(HasSubstr("\n")));
}

}  // namespace
}  // namespace quanta
