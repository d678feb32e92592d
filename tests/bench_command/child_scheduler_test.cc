// With shell scripts that act like a scheduler on a file instead of the kernel's.
#include "agent/bench/child_scheduler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "tests/bench_command/folder.h"

namespace quanta {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

const std::atomic<bool> kNever{false};

class ChildSchedulerTest : public ::testing::Test {
 protected:
  Result<ChildScheduler> start(const std::string& script,
                               const std::atomic<bool>& interrupted = kNever) {
    folder_.write("state", "disabled\n");
    return ChildScheduler::start(
        {.words = {"sh", "-c", script}, .folder = folder_.path(), .name = "scheduler"}, interrupted,
        folder_ / "state");
  }
  Folder folder_;
};

constexpr const char* kOrderly =
    "trap 'echo disabled >state; exit 0' INT; sleep 0.2; echo enabled >state; "
    "while :; do sleep 0.05; done";

TEST_F(ChildSchedulerTest, StartsChecksAndStops) {
  auto scheduler = start(kOrderly);
  ASSERT_TRUE(scheduler) << scheduler.error().message;
  EXPECT_TRUE(scheduler->check());
  const Status stopped = scheduler->stop();
  EXPECT_TRUE(stopped) << stopped.error().message;
  EXPECT_EQ(folder_.read("state"), "disabled\n");
}

TEST_F(ChildSchedulerTest, ThatDiesAtOnceIsItsLastLine) {
  const auto scheduler = start("echo first >&2; echo cannot load >&2; exit 4");
  ASSERT_FALSE(scheduler);
  EXPECT_EQ(scheduler.error().message, "the scheduler ended with 4: cannot load");
}

TEST_F(ChildSchedulerTest, ThatDiesLaterIsNoticed) {
  auto scheduler = start("echo enabled >state; sleep 0.3; echo stalled >&2; exit 3");
  ASSERT_TRUE(scheduler);
  std::this_thread::sleep_for(std::chrono::milliseconds(1500));
  const Status alive = scheduler->check();
  ASSERT_FALSE(alive);
  EXPECT_EQ(alive.error().message, "the scheduler ended with 3: stalled");
  EXPECT_FALSE(scheduler->stop());
}

TEST_F(ChildSchedulerTest, ThatTheKernelPutAsideIsNoticed) {
  auto scheduler = start(kOrderly);
  ASSERT_TRUE(scheduler);
  folder_.write("state", "disabled\n");
  EXPECT_THAT(scheduler->check().error().message, HasSubstr("no longer uses the scheduler"));
}

TEST_F(ChildSchedulerTest, IsGivenUpOnAnInterrupt) {
  const std::atomic<bool> interrupted{true};
  EXPECT_EQ(start("sleep 100", interrupted).error().message, "interrupted");
}

TEST_F(ChildSchedulerTest, ThatIsNoProgramIsNamed) {
  const auto scheduler = ChildScheduler::start(
      {.words = {"/nowhere/scheduler"}, .folder = folder_.path(), .name = "scheduler"}, kNever,
      folder_ / "state");
  EXPECT_THAT(scheduler.error().message,
              AllOf(HasSubstr("127"), HasSubstr("/nowhere/scheduler: No such file")));
}

}  // namespace
}  // namespace quanta
