#include "env/shadow/watched_window.h"

#include <gtest/gtest.h>

#include "env/trace/validate.h"
#include "tests/shadow/records.h"

namespace quanta {
namespace {

TEST(WindowRecorder, HandsOverEachWindowOnce) {
  Observer observer(8, [](const quanta_task_record&) { return true; }, [](const quanta_event&) {});
  WindowRecorder windows(1000, 1, false);
  observer.take(task_record(QUANTA_RECORD_ALIVE, 0, 10, "old"));
  windows.begin(0, observer);
  EXPECT_FALSE(windows.recording());  // nobody wants it
  EXPECT_FALSE(windows.take());
  windows.begin(0, observer);
  ASSERT_TRUE(windows.recording());
  const auto take = [&](const quanta_task_record& record) {
    windows.add(record);
    observer.take(record);
  };
  take(wake_record(100, 0, 10, QUANTA_RECORD_INTERRUPT));
  take(switch_record(110, 0, 0, 10));
  EXPECT_FALSE(windows.ends_before(999));
  EXPECT_TRUE(windows.ends_before(1000));
  windows.end(1000, observer.waits(), 0, [](uint64_t id) { return id + 1; });
  EXPECT_FALSE(windows.recording());
  EXPECT_FALSE(windows.wanted());
  const auto first = windows.take();
  ASSERT_TRUE(first);
  EXPECT_FALSE(windows.take());
  windows.begin(1000, observer);
  // The task goes on running into the second window.
  take(switch_record(1300, 0, 10, 0, QUANTA_RECORD_BLOCKED));

  EXPECT_EQ(first->trace.duration, 1000U);
  ASSERT_EQ(first->trace.tasks.size(), 1U);
  EXPECT_EQ(first->trace.tasks[0].cgroup, 1U);
  EXPECT_EQ(first->waits.wakeup.sum(), 10U);
  EXPECT_TRUE(validate(first->trace));

  windows.end(2000, observer.waits(), 0, [](uint64_t id) { return id; });
  const auto second = windows.take();
  ASSERT_TRUE(second);
  ASSERT_EQ(second->trace.tasks.size(), 1U);
  EXPECT_EQ(second->trace.tasks[0].ops[0].value, 300U);  // ran since the window's start
}

}  // namespace
}  // namespace quanta
