#include "agent/bench/eevdf_tuning.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "tests/bench_command/folder.h"

namespace quanta {
namespace {

using ::testing::HasSubstr;

TEST(EevdfTuning, PutsBackWhatItFound) {
  const Folder folder;
  folder.write("base_slice_ns", "2800000\n");
  folder.write("preempt", "none voluntary full (lazy)\n");
  {
    const auto tuning = EevdfTuning::apply(folder.path());
    ASSERT_TRUE(tuning) << tuning.error().message;
    EXPECT_EQ(folder.read("base_slice_ns"), "1000000");
    EXPECT_EQ(folder.read("preempt"), "full");
  }
  EXPECT_EQ(folder.read("base_slice_ns"), "2800000");
  EXPECT_EQ(folder.read("preempt"), "lazy");
}

TEST(EevdfTuning, WithoutOneOfTheFilesChangesNothing) {
  const Folder folder;
  folder.write("base_slice_ns", "2800000\n");
  const auto tuning = EevdfTuning::apply(folder.path());
  ASSERT_FALSE(tuning);
  EXPECT_THAT(tuning.error().message, HasSubstr("/preempt cannot be read: No such file"));
  EXPECT_EQ(folder.read("base_slice_ns"), "2800000");
}

}  // namespace
}  // namespace quanta
