#include "env/trace/lanes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <utility>
#include <vector>

namespace quanta {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

// Does as put() of bpf/record.bpf.c.
class Kernel {
 public:
  Kernel(size_t cpus, size_t places) : lanes(cpus), all(cpus * places), places_(places) {}

  bool put(size_t cpu, uint64_t time, uint64_t packed) {
    quanta_lane& lane = lanes[cpu];
    if (lane.head - std::atomic_ref(lane.tail).load() >= places_) {
      std::atomic_ref(lane.lost).fetch_add(1);
      return false;
    }
    quanta_brief& brief = all[cpu * places_ + lane.head % places_];
    brief.time = time;
    std::atomic_ref(brief.what).store(packed | ((lane.head / places_) % 2 == 0 ? 1 : 0));
    ++lane.head;
    return true;
  }
  bool wake(size_t cpu, uint64_t time) {
    return put(cpu, time, quanta_pack(QUANTA_RECORD_WAKE, 0, 0, 1, 2));
  }

  std::vector<quanta_lane> lanes;
  std::vector<quanta_brief> all;

 private:
  size_t places_;
};

std::vector<std::pair<uint64_t, int>> read(Lanes& lanes, uint64_t until = UINT64_MAX) {
  std::vector<std::pair<uint64_t, int>> found;
  lanes.read(
      until, SIZE_MAX, [](uint64_t) {},
      [&](const quanta_record& r) { found.emplace_back(r.time, r.cpu); });
  return found;
}

TEST(Lanes, ARecordComesOutAsItWentIn) {
  constexpr uint32_t kPid = (1U << QUANTA_PID_BITS) - 1;
  for (const int nice : {-20, 0, 19}) {
    for (const uint64_t flags : {0, QUANTA_RECORD_BLOCKED | QUANTA_RECORD_DEAD,
                                 QUANTA_RECORD_INTERRUPT | QUANTA_RECORD_SYNC}) {
      const quanta_brief brief{
          .time = 7, .what = 1 | quanta_pack(QUANTA_RECORD_SWITCH, flags, nice, kPid, 12)};
      const quanta_record record = quanta_unpack(&brief, 3);
      EXPECT_EQ(record.time, 7U);
      EXPECT_EQ(record.kind, QUANTA_RECORD_SWITCH);
      EXPECT_EQ(record.flags, flags);
      EXPECT_EQ(record.nice, nice);
      EXPECT_EQ(record.pid, kPid);
      EXPECT_EQ(record.other, 12U);
      EXPECT_EQ(record.cpu, 3);
    }
  }
}

TEST(Lanes, AreReadInOrderOfTime) {
  Kernel kernel(3, 8);
  Lanes lanes(kernel.lanes, kernel.all);
  for (const auto& [cpu, time] : {std::pair(0, 1), {0, 5}, {2, 2}, {2, 3}, {2, 9}, {1, 4}}) {
    kernel.wake(static_cast<size_t>(cpu), static_cast<uint64_t>(time));
  }
  EXPECT_THAT(read(lanes),
              ElementsAre(Pair(1, 0), Pair(2, 2), Pair(3, 2), Pair(4, 1), Pair(5, 0), Pair(9, 2)));
  EXPECT_TRUE(read(lanes).empty());
}

TEST(Lanes, AreReadUpToATimeAndKeepTheRest) {
  Kernel kernel(2, 8);
  Lanes lanes(kernel.lanes, kernel.all);
  for (const uint64_t time : {1, 4, 6}) kernel.wake(0, time);
  EXPECT_THAT(read(lanes, 4), ElementsAre(Pair(1, 0), Pair(4, 0)));
  for (const uint64_t time : {3, 5, 7}) kernel.wake(1, time);
  EXPECT_THAT(read(lanes, 5), ElementsAre(Pair(3, 1), Pair(5, 1)));
  EXPECT_THAT(read(lanes), ElementsAre(Pair(6, 0), Pair(7, 1)));
}

TEST(Lanes, WhatComesBetweenIsAskedForAheadOfEach) {
  Kernel kernel(1, 8);
  Lanes lanes(kernel.lanes, kernel.all);
  kernel.wake(0, 4);
  kernel.wake(0, 6);
  std::vector<uint64_t> calls;
  lanes.read(
      UINT64_MAX, SIZE_MAX, [&](uint64_t time) { calls.push_back(100 + time); },
      [&](const quanta_record& record) { calls.push_back(record.time); });
  EXPECT_THAT(calls, ElementsAre(104, 4, 106, 6));
}

TEST(Lanes, AFullLaneLosesAndCountsAndGoesOnWhenItWasRead) {
  Kernel kernel(2, 4);
  Lanes lanes(kernel.lanes, kernel.all);
  uint64_t time = 0;
  for (int lap = 0; lap < 5; ++lap) {
    for (int i = 0; i < 4; ++i) EXPECT_TRUE(kernel.wake(1, ++time));
    EXPECT_FALSE(kernel.wake(1, ++time));
    EXPECT_EQ(read(lanes).size(), 4U);
  }
  EXPECT_EQ(lanes.lost(), 5U);
}

TEST(Lanes, AreReadWhileTheyAreWritten) {
  constexpr size_t kCpus = 2;
  constexpr uint64_t kRecords = 20'000;
  Kernel kernel(kCpus, 256);
  Lanes lanes(kernel.lanes, kernel.all);
  std::vector<std::thread> cpus;
  cpus.reserve(kCpus);
  for (size_t cpu = 0; cpu < kCpus; ++cpu) {
    cpus.emplace_back([&, cpu] {
      for (uint64_t time = 1; time <= kRecords;) {
        if (kernel.wake(cpu, time)) {
          ++time;
        } else {
          std::this_thread::yield();
        }
      }
    });
  }
  std::vector<uint64_t> last(kCpus);
  while (last != std::vector<uint64_t>(kCpus, kRecords)) {
    for (const auto& [time, cpu] : read(lanes)) {
      EXPECT_EQ(time, ++last[static_cast<size_t>(cpu)]);
    }
    std::this_thread::yield();
  }
  for (std::thread& cpu : cpus) cpu.join();
}

TEST(Lanes, TakeNoMoreMemoryThanTheirShare) {
  EXPECT_EQ(Lanes::places_for(2), 1U << 17);
  EXPECT_EQ(Lanes::places_for(24), 1U << 15);
  EXPECT_EQ(Lanes::places_for(4096), 1U << 12);
}

}  // namespace
}  // namespace quanta
