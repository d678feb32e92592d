#include "env/trace/anonymise.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "env/trace/summary.h"
#include "env/trace/validate.h"
#include "tests/trace/sample.h"

namespace quanta {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(Anonymise, EqualStaysEqualAndNothingOfTheOriginalIsLeft) {
  Trace trace = sample_trace();
  trace.tasks[2].cgroup = trace.tasks[0].cgroup;
  anonymise(trace);
  EXPECT_TRUE(trace.anonymised);
  EXPECT_THAT(trace.tasks[0].names, ElementsAre("task-1", "task-2"));
  EXPECT_THAT(trace.tasks[1].names, ElementsAre("task-1"));
  EXPECT_THAT(trace.tasks[2].names, ElementsAre("task-3"));
  EXPECT_EQ(trace.tasks[0].uid, 1U);
  EXPECT_EQ(trace.tasks[1].uid, 2U);
  EXPECT_EQ(trace.tasks[2].uid, 2U);
  EXPECT_EQ(trace.tasks[0].cgroup, 1U);
  EXPECT_EQ(trace.tasks[1].cgroup, 0U) << "the root stays the root";
  EXPECT_EQ(trace.tasks[2].cgroup, 1U);
  EXPECT_TRUE(validate(trace));
}

TEST(Anonymise, LeavesWhatTheTasksDo) {
  Trace trace = sample_trace();
  anonymise(trace);
  const Trace before = sample_trace();
  for (size_t i = 0; i < trace.tasks.size(); ++i) {
    EXPECT_EQ(trace.tasks[i].ops.size(), before.tasks[i].ops.size());
    EXPECT_EQ(trace.tasks[i].nice, before.tasks[i].nice);
    EXPECT_EQ(trace.tasks[i].process, before.tasks[i].process);
  }
}

TEST(Summary, BooksWorkOnTheNameATaskHadThenAndOrdersByCpuTime) {
  // make runs 1.5 ms of the two CPUs' 3 s, then is sh, which sleeps, posts twice and waits.
  const std::string text = summarise(sample_trace());
  EXPECT_THAT(text, HasSubstr("3.0 s, 2 CPUs, 3 tasks, 0% of the CPUs' time used, 300 events"));
  EXPECT_THAT(text,
              HasSubstr("make                  2        1.5        1        0        1        1"));
  EXPECT_THAT(
      text,
      HasSubstr("sh                    1        0.0        0        1        1        2        1"));
  EXPECT_LT(text.find("\nmake"), text.find("\nkworker"));
  EXPECT_THAT(summarise(sample_trace(), 1), Not(HasSubstr("kworker")));
}

}  // namespace
}  // namespace quanta
