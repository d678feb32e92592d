#include "agent/hot/name_table.h"

#include <gtest/gtest.h>

#include <cstring>
#include <thread>

namespace quanta {
namespace {

TaskInfo info_of(const char* comm, uint32_t pid) {
  TaskInfo info{};
  std::strcpy(info.comm, comm);  // NOLINT
  info.pid = pid;
  info.process = pid + 1;
  return info;
}

TEST(NameTable, SaysWhoHasASlotUntilItIsFree) {
  NameTable names(4);
  EXPECT_FALSE(names.find(2));
  names.set(2, info_of("game", 77), 3);
  const std::optional<TaskName> name = names.find(2);
  ASSERT_TRUE(name);
  EXPECT_STREQ(name->comm.data(), "game");
  EXPECT_EQ(name->pid, 77U);
  EXPECT_EQ(name->process, 78U);
  EXPECT_EQ(name->reward_class, 3);
  EXPECT_FALSE(names.find(1));
  names.set(2, info_of("renamed", 77), -1);
  EXPECT_STREQ(names.find(2)->comm.data(), "renamed");
  names.clear(2);
  EXPECT_FALSE(names.find(2));
}

TEST(NameTable, AReaderNeverSeesHalvesOfTwoTasks) {
  NameTable names(1);
  std::atomic<bool> stop{false};
  std::thread writer([&] {
    const TaskInfo a = info_of("aaaaaaaaaaaaaaa", 1);
    const TaskInfo b = info_of("bbbbbbbbbbbbbbb", 2);
    while (!stop.load(std::memory_order_relaxed)) {
      names.set(0, a, 1);
      names.set(0, b, 2);
    }
  });
  int seen = 0;
  int halves = 0;
  for (int i = 0; i < 200'000 || seen == 0; ++i) {
    const std::optional<TaskName> name = names.find(0);
    if (!name) continue;
    ++seen;
    const char letter = name->pid == 1 ? 'a' : 'b';
    const bool whole = name->comm[0] == letter && name->comm[14] == letter &&
                       name->reward_class == static_cast<int16_t>(name->pid);
    halves += whole ? 0 : 1;
  }
  stop = true;
  writer.join();
  EXPECT_EQ(halves, 0);
}

}  // namespace
}  // namespace quanta
