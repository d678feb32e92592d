#include "agent/status/task_table.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <iterator>

namespace quanta {
namespace {

class TaskTableTest : public ::testing::Test {
 protected:
  TaskTableTest() { weights.checksum = checksum_of(weights); }

  void appear(TaskId slot, uint32_t pid, const char* comm) {
    TaskInfo info{};
    std::strcpy(info.comm, comm);  // NOLINT
    info.pid = pid;
    names.set(slot, info, -1);
  }
  void decide(TaskId slot, uint32_t pid, Nanos when, Nanos run = kMillisecond) {
    Record r{};
    r.kind = RecordKind::kDecision;
    r.task = slot;
    r.pid = pid;
    r.decided = when;
    r.run = r.work = run;
    r.importance = 1;
    r.slice = 123;
    table.take(r, names, weights);
  }
  const TaskRow& row(size_t i) const {
    return *std::next(table.rows().begin(), static_cast<ptrdiff_t>(i));
  }

  RewardConfig config;
  NameTable names{8};
  Weights weights;
  TaskTable table{config, 3};
};

TEST_F(TaskTableTest, TheTaskSeenLastIsFirst) {
  appear(0, 10, "a");
  appear(1, 11, "b");
  decide(0, 10, 100);
  decide(1, 11, 200);
  decide(0, 10, 300);
  ASSERT_EQ(table.rows().size(), 2U);
  EXPECT_STREQ(row(0).name.comm.data(), "a");
  EXPECT_EQ(row(0).decisions, 2U);
  EXPECT_EQ(row(0).last_seen, 300 + kMillisecond);
  EXPECT_EQ(row(1).decisions, 1U);
}

TEST_F(TaskTableTest, ABoundedNumberIsKeptAndTheLongestSilentGoes) {
  for (uint32_t i = 0; i < 5; ++i) {
    appear(i, 10 + i, "t");
    decide(i, 10 + i, Nanos{100} * i);
  }
  ASSERT_EQ(table.rows().size(), 3U);
  EXPECT_EQ(row(0).name.pid, 14U);
  EXPECT_EQ(row(2).name.pid, 12U);
  decide(0, 10, 900);  // comes back as new
  EXPECT_EQ(row(0).name.pid, 10U);
  EXPECT_EQ(row(0).decisions, 1U);
}

TEST_F(TaskTableTest, LateRecordsOfATaskThatIsGoneAreItsOwn) {
  appear(0, 10, "old");
  decide(0, 10, 100);
  appear(0, 20, "new");  // the slot is reused
  decide(0, 10, 200);
  decide(0, 30, 200);  // nobody knows who that was
  ASSERT_EQ(table.rows().size(), 1U);
  EXPECT_STREQ(row(0).name.comm.data(), "old");
  EXPECT_EQ(row(0).decisions, 2U);
}

TEST_F(TaskTableTest, AReusedPidStartsAnew) {
  appear(0, 10, "old");
  decide(0, 10, 100);
  names.clear(0);
  appear(1, 10, "new");
  decide(1, 10, 200);
  ASSERT_EQ(table.rows().size(), 1U);
  EXPECT_STREQ(row(0).name.comm.data(), "new");
  EXPECT_EQ(row(0).decisions, 1U);
}

TEST_F(TaskTableTest, ANewNameIsTakenOver) {
  appear(0, 10, "sh");
  decide(0, 10, 100);
  appear(0, 10, "cc1");
  decide(0, 10, 200);
  EXPECT_STREQ(row(0).name.comm.data(), "cc1");
  EXPECT_EQ(row(0).decisions, 2U);
}

TEST_F(TaskTableTest, TheRewardHasTheGoingPriceOfTheCpuTime) {
  appear(0, 10, "a");
  for (int i = 0; i < 5'000; ++i) decide(0, 10, 100);
  // All alike: its CPU time spares just the switch that it cost.
  EXPECT_NEAR(row(0).reward, 0, 1e-3 * kMillisecond);
  EXPECT_DOUBLE_EQ(row(0).terms[kTermThroughput], 0);
  EXPECT_DOUBLE_EQ(row(0).terms[kTermSwitch], -static_cast<double>(config.switch_cost));
}

TEST_F(TaskTableTest, ABurstStandsBesideWhatTheNetworkSaidOfIt) {
  appear(0, 10, "a");
  weights.b[bias_offset(weights.shape.layers - 1, kHeadBurst)] = 1;  // twice the model's
  Record r{};
  r.kind = RecordKind::kBurst;
  r.task = 0;
  r.pid = 10;
  r.burst = 3 * kMillisecond;
  r.act.prior_rem = 20;
  table.take(r, names, weights);
  EXPECT_EQ(row(0).burst.burst, 3 * kMillisecond);
  EXPECT_NEAR(row(0).predicted_ns, std::exp2(21), 1);
  EXPECT_EQ(row(0).decisions, 0U);
}

}  // namespace
}  // namespace quanta
