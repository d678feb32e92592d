#include "env/live/ending.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>

namespace quanta {
namespace {

using ::testing::HasSubstr;

quanta_shared ended(uint32_t kind, int64_t code, const char* reason, const char* message) {
  quanta_shared shared{};
  shared.exit_kind = kind;
  shared.exit_code = code;
  std::snprintf(shared.exit_reason, sizeof(shared.exit_reason), "%s", reason);
  std::snprintf(shared.exit_message, sizeof(shared.exit_message), "%s", message);
  return shared;
}

TEST(Ending, SaysWhatEndedItAndWithWhichCode) {
  struct Case {
    quanta_shared shared;
    int exit_code;
    const char* words;
  };
  const Case cases[] = {
      {ended(64, 0, "unregistered from user space", ""), 0, "unregistered from user space"},
      {ended(67, 0, "disabled by sysrq-S", ""), kExitSysRq, "SysRq-S"},
      {ended(1026, 0, "runnable task stall", "hog[7] failed to run for 10s"), kExitStalled,
       "hog[7] failed to run for 10s"},
      {ended(1024, 0, "runtime error", "invalid CPU 9"), kExitKernelError, "invalid CPU 9"},
      {ended(12, 0, "something new", ""), kExitKernelError, "something new"},
  };
  for (const Case& c : cases) {
    const Ending ending = describe_ending(c.shared);
    EXPECT_EQ(ending.exit_code, c.exit_code) << c.words;
    EXPECT_THAT(ending.line, HasSubstr(c.words));
    EXPECT_EQ(ending.line.find('\n'), std::string::npos);
    EXPECT_FALSE(ending.restart);
  }
}

TEST(Ending, ComingAndGoingCpusWantANewStart) {
  const Ending ending = describe_ending(
      ended(66, (int64_t{1} << 48) | (int64_t{1} << 32), "unregistered from the main kernel", ""));
  EXPECT_TRUE(ending.restart);
  EXPECT_EQ(ending.exit_code, 0);
  EXPECT_THAT(ending.line, HasSubstr("CPUs came or went"));
}

}  // namespace
}  // namespace quanta
