#include "agent/top/view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/status/sample.h"

namespace quanta {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::vector<std::string> names(const TopOrder& order) {
  std::vector<std::string> all;
  for (const TaskReport& t : arrange(sample_tasks(), order)) all.push_back(t.comm);
  return all;
}

TEST(TopView, SortsByAColumn) {
  EXPECT_THAT(names({.exited = true}), ElementsAre("shell", "cc1", "game"));  // decisions
  EXPECT_THAT(names({.by = SortKey::kWait, .exited = true}), ElementsAre("cc1", "game", "shell"));
  EXPECT_THAT(names({.by = SortKey::kReward, .exited = true}), ElementsAre("game", "cc1", "shell"));
  EXPECT_THAT(names({.by = SortKey::kName, .exited = true}), ElementsAre("cc1", "game", "shell"));
  EXPECT_THAT(names({.by = SortKey::kPid, .exited = true}), ElementsAre("game", "cc1", "shell"));
  EXPECT_THAT(names({.by = SortKey::kWait, .reversed = true, .exited = true}),
              ElementsAre("shell", "game", "cc1"));
  // All alike: as they came.
  EXPECT_THAT(names({.by = SortKey::kBurst, .exited = true}), ElementsAre("shell", "game", "cc1"));
}

TEST(TopView, LeavesOutWhatDoesNotPass) {
  EXPECT_THAT(names({}), ElementsAre("shell", "game"));
  EXPECT_THAT(names({.filter = "am"}), ElementsAre("game"));
  EXPECT_THAT(names({.filter = "3"}), ElementsAre("shell"));  // a pid
  EXPECT_THAT(names({.filter = "nobody"}), ElementsAre());
}

TEST(TopView, EveryColumnHasItsName) {
  for (size_t i = 0; i < kSortNames.size(); ++i) {
    EXPECT_EQ(sort_key(kSortNames[i]), static_cast<SortKey>(i));
    const auto by = static_cast<SortKey>(i);
    EXPECT_THAT(table_head({.by = by}, columns(by, 0)),
                HasSubstr(std::string(kSortNames[i]) + "*"));
  }
  EXPECT_FALSE(sort_key("colour"));
}

TEST(TopView, ATasksLine) {
  const TaskReport task = sample_task().task;
  EXPECT_EQ(task_line(task, 10e9, columns(SortKey::kPid, 200)),
            "      42 game            interactive       500 us    400 us     20 us   1.00 ms   "
            "+0.250 ms          7     1.0 s");
  TaskReport unknown;
  unknown.comm = "\x1b]x";
  unknown.burst_censored = true;
  EXPECT_THAT(
      task_line(unknown, 0, columns(SortKey::kPid, 200)),
      AllOf(HasSubstr("?]x"), Not(HasSubstr("\x1b")), Not(HasSubstr(">")), Not(HasSubstr("us"))));
}

TEST(TopView, ANarrowTerminalKeepsWhatMattersAndTheColumnSortedBy) {
  const TaskReport task = sample_task().task;
  for (size_t width = 0; width <= 120; ++width) {
    for (size_t i = 0; i < kSortNames.size(); ++i) {
      const TopOrder order{.by = static_cast<SortKey>(i)};
      const std::vector<SortKey> shown = columns(order.by, width);
      const std::string head = table_head(order, shown);
      const std::string line = task_line(task, 10e9, shown);
      EXPECT_EQ(head.size(), line.size());
      EXPECT_LE(line.size(), std::max<size_t>(width, 80)) << kSortNames[i];
      for (const char* name : {"name", "class", "wait", "slice", "reward"}) {
        EXPECT_THAT(head, HasSubstr(name));
      }
      EXPECT_THAT(head, HasSubstr(std::string(kSortNames[i]) + "*"));
    }
  }
  const TopOrder order;
  EXPECT_EQ(table_head(order, columns(order.by, 80)),
            "     pid name            class             wait     slice      reward decisions*");
  EXPECT_EQ(task_line(task, 10e9, columns(order.by, 80)),
            "      42 game            interactive      20 us   1.00 ms   +0.250 ms          7");
  EXPECT_EQ(columns(order.by, 112).size(), kSortNames.size());
}

TEST(TopView, RewardAndUpliftFitANarrowTerminal) {
  TasksReport report = sample_tasks();
  LearningReport& l = report.learning;
  l.arms.clear();
  l.terms.clear();
  for (const std::string_view name : kTermNames) {
    l.terms.push_back(
        {.name = std::string(name), .uplift = -12.5, .standard_error = 0.5, .rounds = 2});
  }
  l.terms.back().rounds = 1;  // no interval yet
  report.machine.reward_terms.fill(-12.5);
  const std::vector<std::string> lines = header_lines(report);
  for (const std::string& line : lines) EXPECT_LE(line.size(), 80U) << line;
  const auto first = std::find_if(lines.begin(), lines.end(), [](const std::string& line) {
    return line.starts_with("of 'full':");
  });
  EXPECT_THAT(std::vector<std::string>(first, lines.end()),
              ElementsAre("of 'full':  runqueue_wait -12.5000 +-6.3531  wakeup_latency -12.5000 "
                          "+-6.3531",
                          "            slowdown -12.5000 +-6.3531  throughput -12.5000 +-6.3531",
                          "            context_switch -12.5000 +-6.3531  fairness -12.5000 "
                          "+-6.3531"));
  l.terms.clear();  // the prior acts
  EXPECT_THAT(plain_text(report, {}), Not(HasSubstr("of '")));
}

TEST(TopView, PlainTextHasMachineLearningAndTasks) {
  TasksReport report = sample_tasks();
  report.machine.reward = 0.3;
  report.machine.reward_terms[kTermThroughput] = 0.3;
  report.learning.kl.value = 0.0123;
  EXPECT_THAT(
      plain_text(report, {}),
      AllOf(HasSubstr("sim (dispatch user), 4 CPUs, 10.0 s  tasks 0 (0 runnable)\n"),
            HasSubstr("reward +0.3000:  throughput +0.3000\n"), HasSubstr("policy 3  updates 3"),
            HasSubstr("kl 0.0123"), HasSubstr("gate:  'full' acts: +0.0400 +-0.0200"),
            HasSubstr("\nuplift:  burst -0.0100 +-0.0440  full +0.0400 +-0.0220\n"
                      "of 'full':  runqueue_wait +0.0500 +-0.0440  throughput -0.0100 +-0.0220\n"),
            HasSubstr("predicted"), HasSubstr("shell")));
  report.learning.learns = false;
  report.machine.policy = "watching";
  EXPECT_THAT(plain_text(report, {}), AllOf(HasSubstr("(watching)"), HasSubstr("learning: off")));
}

}  // namespace
}  // namespace quanta
