#include "agent/eval/goals.h"

#include <gtest/gtest.h>

#include "tests/eval/sample.h"

namespace quanta {
namespace {

std::vector<std::string> names(const Experiment& run) {
  std::vector<std::string> all;
  for (const Goal& goal : goals_of(run)) all.push_back(goal.name);
  return all;
}

TEST(Goals, LeaveOutWhatWasNotMeasured) {
  Experiment run = sample_run("index", 1, 0);
  const std::vector<std::string> game{"game/done_per_second", "game/response_p99_seconds",
                                      "game/misses_per_second"};
  const std::vector<std::string> machine{"wakeup_p50_seconds", "wakeup_p99_seconds",
                                         "switches_per_second"};
  std::vector<std::string> expected = game;
  expected.insert(expected.end(), machine.begin(), machine.end());
  run.groups.pop_back();  // no batch group: nobody's share to keep
  EXPECT_EQ(names(run), expected);

  run = sample_run("index", 1, 0);
  expected = game;
  expected.push_back("hogs/done_per_second");
  expected.insert(expected.end(), machine.begin(), machine.end());
  expected.push_back("min_share_ratio");
  EXPECT_EQ(names(run), expected);
}

TEST(Goals, AreReadable) {
  const struct {
    Goal goal;
    const char* expected;
  } cases[] = {
      {{"a/response_p99_seconds", 2.5}, "2.5s"},
      {{"a/response_p99_seconds", 0.0123}, "12.3ms"},
      {{"a/wakeup_p99_seconds", 0.0000045}, "4.5us"},
      {{"a/done_per_second", 59.96}, "60.0/s"},
      {{"switches_per_second", 123456}, "123456.0/s"},
      {{"min_share_ratio", 0.257}, "0.26"},
  };
  for (const auto& c : cases) EXPECT_EQ(readable(c.goal), c.expected);
}

}  // namespace
}  // namespace quanta
