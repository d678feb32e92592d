#include "env/shadow/shadow_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agent/config/section.h"

namespace quanta {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> problems(const std::string& text, ShadowConfig& config) {
  Diagnostics diagnostics;
  Section section = Section::parse(text, "f", diagnostics);
  read(section, config);
  section.finish();
  return diagnostics.lines();
}

TEST(ShadowConfig, IsReadWhole) {
  ShadowConfig config;
  EXPECT_THAT(problems("max_tasks: 100\n"
                       "watch: {comm: [\"game*\"], cgroup: [/user.slice, /], uid: [0, 1000]}\n"
                       "decisions: 500\n"
                       "window: 5s\n"
                       "twin_cpu: 0.5\n",
                       config),
              ElementsAre());
  EXPECT_EQ(config.max_tasks, 100);
  EXPECT_THAT(config.comm, ElementsAre("game*"));
  EXPECT_THAT(config.cgroup, ElementsAre("/user.slice", "/"));
  EXPECT_THAT(config.uid, ElementsAre(0, 1000));
  EXPECT_EQ(config.decisions, 500);
  EXPECT_EQ(config.window, 5 * kSecond);
  EXPECT_EQ(config.twin_cpu, 0.5);
}

TEST(ShadowConfig, SaysWhatIsWrong) {
  const std::pair<const char*, const char*> kCases[] = {
      {"windw: 5s", "unknown key 'windw'"},
      {"decisions: 0", "key 'decisions'"},
      {"window: 5ms", "key 'window'"},
      {"twin_cpu: 2", "key 'twin_cpu'"},
      {"watch: {name: [a]}", "unknown key 'watch.name'"},
      {"watch: {cgroup: [user.slice]}", "key 'watch.cgroup': expected paths"},
      {"watch: {cgroup: [/a/]}", "key 'watch.cgroup': expected paths"},
      {"watch: {comm: [\"\"]}", "key 'watch.comm': an empty name"},
      {"watch: {uid: [-1]}", "key 'watch.uid"},
  };
  for (const auto& [text, problem] : kCases) {
    ShadowConfig config;
    EXPECT_THAT(problems(text, config), ElementsAre(::testing::HasSubstr(problem))) << text;
  }
}

}  // namespace
}  // namespace quanta
