#include "env/shadow/observer.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/shadow/records.h"

namespace quanta {
namespace {

using ::testing::ElementsAre;

// What is reported, as words.
std::string words(const quanta_event& e) {
  static constexpr const char* kKinds[] = {"new",     "exec",  "exit", "wake",
                                           "enqueue", "start", "stop"};
  static constexpr const char* kReasons[] = {"sleep", "slice", "preempted", "exit"};
  std::string text = fmt::format("{} {} {}", e.time, kKinds[e.kind], e.slot);
  if (e.kind == QUANTA_EVENT_ENQUEUE) {
    if ((e.flags & QUANTA_EVENT_WAKEUP) != 0) text += " woken";
    if ((e.flags & QUANTA_EVENT_SYNC) != 0) text += " sync";
    if (e.other != QUANTA_NO_SLOT) text += fmt::format(" by {}", e.other);
  }
  if (e.kind == QUANTA_EVENT_START) text += fmt::format(" on {}", e.cpu);
  if (e.kind == QUANTA_EVENT_STOP) text += fmt::format(" {} {}", kReasons[e.reason], e.ran);
  return text;
}

class ObserverTest : public ::testing::Test {
 protected:
  void alive(uint32_t pid, const std::string& comm = "a") {
    observer_.take(task_record(QUANTA_RECORD_ALIVE, 0, pid, comm));
    said_.clear();
  }

  std::vector<std::string> said_;
  Observer observer_{4, [](const quanta_task_record& t) { return t.comm[0] != 'x'; },
                     [this](const quanta_event& e) { said_.push_back(words(e)); }};
};

TEST_F(ObserverTest, AWokenTaskWaitsRunsAndSleeps) {
  alive(10);
  observer_.take(switch_record(50, 1, 7, 0, QUANTA_RECORD_BLOCKED));
  observer_.take(wake_record(100, 0, 10, QUANTA_RECORD_INTERRUPT));
  observer_.take(switch_record(130, 1, 0, 10));
  observer_.take(switch_record(180, 1, 10, 0, QUANTA_RECORD_BLOCKED));
  EXPECT_THAT(said_, ElementsAre("100 enqueue 0 woken", "130 start 0 on 1", "180 stop 0 sleep 50"));
  EXPECT_EQ(observer_.waits().wakeup.count(), 1U);
  EXPECT_EQ(observer_.waits().wakeup.sum(), 30U);
  EXPECT_EQ(observer_.waits().idle.count(), 1U);  // the CPU had been idle since 50
}

TEST_F(ObserverTest, WhoeverIsPushedAsideWaitsAgain) {
  alive(10);
  alive(11);
  observer_.take(wake_record(90, 0, 11, QUANTA_RECORD_INTERRUPT));
  observer_.take(switch_record(95, 0, 0, 11));
  observer_.take(wake_record(100, 11, 10, QUANTA_RECORD_SYNC));
  observer_.take(switch_record(150, 0, 11, 10));
  EXPECT_THAT(said_,
              ElementsAre("90 enqueue 1 woken", "95 start 1 on 0", "100 enqueue 0 woken sync by 1",
                          "150 stop 1 preempted 55", "150 enqueue 1", "150 start 0 on 0"));
  EXPECT_EQ(observer_.waits().wakeup.count(), 2U);
  EXPECT_EQ(observer_.waits().idle.count(), 1U);
  EXPECT_EQ(observer_.waits().pushed.sum(), 50U);
}

TEST_F(ObserverTest, WhoeverMakesRoomForSomebodyWhoWaitedBeforeHasUsedUpItsTime) {
  alive(10);
  alive(11);
  observer_.take(wake_record(80, 0, 10, QUANTA_RECORD_INTERRUPT));
  observer_.take(switch_record(95, 0, 0, 11));
  said_.clear();
  observer_.take(switch_record(150, 0, 11, 10));
  EXPECT_EQ(said_.front(), "150 stop 1 slice 55");
  EXPECT_EQ(observer_.waits().pushed.count(), 0U);
}

TEST_F(ObserverTest, AForkIsANewTaskThatWaits) {
  alive(10);
  observer_.take(switch_record(10, 0, 0, 10));
  said_.clear();
  observer_.take(task_record(QUANTA_RECORD_FORK, 20, 11, "a", 10));
  observer_.take(switch_record(25, 1, 0, 11));
  observer_.take(switch_record(30, 1, 11, 0, QUANTA_RECORD_BLOCKED | QUANTA_RECORD_DEAD));
  EXPECT_THAT(said_, ElementsAre("20 new 1", "20 enqueue 1 woken by 0", "25 start 1 on 1",
                                 "30 stop 1 exit 5", "30 exit 1"));
}

TEST_F(ObserverTest, TasksThatDoNotFitAreKnownButNotReported) {
  alive(10);
  observer_.take(task_record(QUANTA_RECORD_ALIVE, 0, 11, "x"));
  observer_.take(wake_record(20, 0, 11, QUANTA_RECORD_INTERRUPT));
  observer_.take(switch_record(25, 0, 0, 11));
  EXPECT_THAT(said_, ElementsAre());
  EXPECT_EQ(observer_.waits().wakeup.count(), 0U);
  observer_.take(task_record(QUANTA_RECORD_RENAME, 30, 11, "b", 11));
  EXPECT_THAT(said_, ElementsAre("30 new 1", "30 enqueue 1", "30 start 1 on 0"));
  observer_.take(task_record(QUANTA_RECORD_RENAME, 40, 11, "x", 11));
  EXPECT_EQ(said_.back(), "40 exit 1");
  int known = 0;
  observer_.each_task([&](const quanta_task_record&) { ++known; });
  EXPECT_EQ(known, 2);
}

TEST_F(ObserverTest, AThreadThatRunsAnotherProgramTakesItsLeadersPid) {
  alive(10);
  alive(11);
  observer_.take(switch_record(20, 0, 0, 11));
  said_.clear();
  observer_.take(task_record(QUANTA_RECORD_EXEC, 30, 10, "new", 11));
  EXPECT_THAT(said_, ElementsAre("30 exit 0", "30 exec 1"));
  EXPECT_STREQ(observer_.task(1).comm, "new");
  observer_.take(switch_record(40, 0, 10, 0, QUANTA_RECORD_BLOCKED));
  EXPECT_EQ(said_.back(), "40 stop 1 sleep 20");
}

TEST_F(ObserverTest, WokenOnItsWayToSleepItWaitsFromWhenItStopped) {
  alive(10);
  observer_.take(switch_record(20, 0, 0, 10));
  observer_.take(wake_record(29, 12, 10));
  observer_.take(switch_record(30, 0, 10, 0, QUANTA_RECORD_BLOCKED));
  observer_.take(switch_record(45, 0, 0, 10));
  EXPECT_EQ(observer_.waits().wakeup.count(), 1U);
  EXPECT_EQ(observer_.waits().wakeup.sum(), 15U);
}

TEST_F(ObserverTest, TasksBeyondTheTableAreCounted) {
  for (uint32_t pid = 10; pid < 16; ++pid) alive(pid);
  EXPECT_EQ(observer_.refused(), 2U);
}

TEST_F(ObserverTest, AnotherPriorityIsAChange) {
  alive(10);
  observer_.take(switch_record(20, 0, 0, 10));
  quanta_task_record record = switch_record(30, 0, 10, 0, QUANTA_RECORD_BLOCKED);
  record.head.nice = 5;
  observer_.take(record);
  EXPECT_EQ(said_.back(), "30 exec 0");
  EXPECT_EQ(observer_.task(0).head.nice, 5);
}

}  // namespace
}  // namespace quanta
