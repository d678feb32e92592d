#include <gtest/gtest.h>

#include <map>
#include <vector>

#include "env/base/rng.h"
#include "tests/features/stage.h"

namespace quanta {
namespace {

constexpr uint32_t kTasks = 200;

// Ids as they come (dense), as they wrap, and such that share their hash's lower bits.
std::vector<uint32_t> process_ids(Rng& rng) {
  std::vector<uint32_t> ids;
  for (uint32_t i = 1; i <= 100; ++i) ids.push_back(i);
  for (uint32_t i = 1; i <= 100; ++i) ids.push_back(i << 9);
  for (uint32_t i = 0; i < 100; ++i) ids.push_back(static_cast<uint32_t>(rng.next()) | 1U);
  return ids;
}

TEST(ProcessTable, AgreesWithAMapOverManyJoinsAndLeaves) {
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    Rng rng(seed);
    const std::vector<uint32_t> ids = process_ids(rng);
    Stage s(2, {}, kTasks);
    std::vector<uint32_t> process_of(kTasks, 0);  // 0: slot free
    std::map<uint32_t, uint32_t> expected;        // tasks by process id
    for (Nanos step = 0; step < 4'000; ++step) {
      const TaskId id = rng.below(kTasks);
      if (process_of[id] == 0) {
        process_of[id] = ids[rng.below(static_cast<uint32_t>(ids.size()))];
        ++expected[process_of[id]];
        s.appear(step, id, {.process = process_of[id]});
      } else {
        if (--expected[process_of[id]] == 0) expected.erase(process_of[id]);
        process_of[id] = 0;
        s.exit(step, id);
      }
      std::map<uint32_t, uint32_t> slot_of;  // tasks of a process share one slot
      for (TaskId t = 0; t < kTasks; ++t) {
        if (process_of[t] == 0) continue;
        const TaskView& view = s.tracker.task(t);
        ASSERT_EQ(s.tracker.process(view).id, process_of[t]) << "seed " << seed << " step " << step;
        ASSERT_EQ(s.tracker.process(view).tasks, expected[process_of[t]]);
        ASSERT_EQ(slot_of.emplace(process_of[t], view.process).first->second, view.process);
      }
    }
  }
}

TEST(ProcessTable, HoldsAsManyProcessesAsTasks) {
  Stage s(1, {}, kTasks);
  for (int round = 0; round < 3; ++round) {
    for (TaskId id = 0; id < kTasks; ++id) s.appear(0, id, {.process = 1 + id * 7 + kTasks});
    for (TaskId id = 0; id < kTasks; ++id)
      EXPECT_EQ(s.tracker.process(s.tracker.task(id)).tasks, 1U);
    for (TaskId id = 0; id < kTasks; ++id) s.exit(0, id);
  }
}

TEST(ProcessTable, AProcessThatCameBackHasUsedNothing) {
  Stage s(1);
  s.appear(0, 0, {.process = 9});
  s.activation(0, 0, 100'000);
  EXPECT_GT(s.tracker.use(s.tracker.task(0)), 0);
  s.exit(100'000, 0);
  s.appear(100'000, 0, {.process = 9});
  EXPECT_EQ(s.tracker.use(s.tracker.task(0)), 0);
}

}  // namespace
}  // namespace quanta
