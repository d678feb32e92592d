#include "env/shadow/task_filter.h"

#include <gtest/gtest.h>

#include "env/base/hash.h"

namespace quanta {
namespace {

TEST(TaskFilter, WithoutCriteriaEverythingFits) {
  EXPECT_TRUE(TaskFilter(ShadowConfig()).fits("any", 7, 99));
}

TEST(TaskFilter, OneOfEachKindMustFit) {
  ShadowConfig config;
  config.comm = {"game*", "shell"};
  config.cgroup = {"/user.slice"};
  config.uid = {1000, 1001};
  const TaskFilter filter(config);
  const uint64_t group = fnv1a64("/user.slice");
  EXPECT_TRUE(filter.fits("game/3", 1001, group));
  EXPECT_TRUE(filter.fits("shell", 1000, group));
  EXPECT_FALSE(filter.fits("shel", 1000, group));
  EXPECT_FALSE(filter.fits("shell", 1000, fnv1a64("/user.slice/a")));
  EXPECT_FALSE(filter.fits("shell", 0, group));
}

TEST(TaskFilter, TheRootGroupHasNoHash) {
  ShadowConfig config;
  config.cgroup = {"/"};
  EXPECT_TRUE(TaskFilter(config).fits("any", 0, 0));
  EXPECT_FALSE(TaskFilter(config).fits("any", 0, fnv1a64("/a")));
}

TEST(TaskFilter, ItsOwnNameNeverFits) {
  EXPECT_FALSE(TaskFilter(ShadowConfig(), "me").fits("me", 0, 0));
  EXPECT_TRUE(TaskFilter(ShadowConfig(), "me").fits("mean", 0, 0));
  EXPECT_FALSE(own_comm().empty());
}

}  // namespace
}  // namespace quanta
