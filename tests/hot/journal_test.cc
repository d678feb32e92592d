// Records by hand: what each decision is joined with.
#include "agent/hot/journal.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "tests/features/stage.h"
#include "tests/units.h"

namespace quanta {
namespace {

class JournalScript : public ::testing::Test {
 protected:
  explicit JournalScript(size_t capacity = 64)
      : stage(2, all_weigh(2)), queue(capacity), journal(stage.tracker, queue, 16, 1) {
    stage.tell([&](const Event& e) { journal.update(e); });
  }
  // `mark` tells acts apart.
  void decide(TaskId id, float mark = 1, CpuId preempt = kNoCpu, TaskId victim = kNoTask) {
    Act act{};
    act.x[0] = mark;
    act.prior_rem = mark;
    Decision d{};
    d.task = id;
    d.preempt_cpu = static_cast<int16_t>(preempt);
    Grounds grounds;
    grounds.saved = mark;
    journal.decided(id, act, grounds, d, victim);
  }
  void wake(Nanos us, TaskId id, float mark = 1) {
    stage.wake(us, id);
    decide(id, mark);
  }
  void put_back(Nanos us, TaskId id, StopReason reason, float mark = 1, Nanos lost_us = 0) {
    stage.stop(us, id, reason, lost_us);
    stage.put_back(us, id);
    decide(id, mark);
  }
  std::vector<Record> take(RecordKind kind) {
    queue.consume_all([&](const Record& r) { taken_.push_back(r); });
    std::vector<Record> out;
    std::copy_if(taken_.begin(), taken_.end(), std::back_inserter(out),
                 [&](const Record& r) { return r.kind == kind; });
    std::erase_if(taken_, [&](const Record& r) { return r.kind == kind; });
    return out;
  }
  std::vector<Record> decisions() { return take(RecordKind::kDecision); }
  std::vector<Record> bursts() { return take(RecordKind::kBurst); }

  // Task 1 runs on CPU 0 without a decision of its own; task 0 wakes and preempts it at 1 ms.
  void preemption() {
    for (TaskId id = 0; id < 4; ++id) stage.appear(0, id);
    stage.direct(0, 1, 0);
    stage.start(0, 1, 0);
    stage.wake(1'000, 0);
    decide(0, 1, 0, 1);
    stage.preempt(1'000, 1);
    decide(1, 2);
    stage.start(1'000, 0, 0);
  }

  Stage stage;
  RecordQueue queue;
  Journal journal;

 private:
  std::vector<Record> taken_;
};

TEST_F(JournalScript, APlainRun) {
  stage.appear(0, 0, {.weight = 2048});
  stage.appear(0, 1);
  wake(1'000, 0, 5);
  wake(1'100, 1);
  stage.start(1'300, 0);
  EXPECT_TRUE(decisions().empty());
  stage.stop(1'700, 0, StopReason::kSleep, 30);
  const std::vector<Record> all = decisions();
  ASSERT_EQ(all.size(), 1U);
  const Record& r = all[0];
  EXPECT_EQ(r.act.x[0], 5);
  EXPECT_EQ(r.decided, 1'000 * kUs);
  EXPECT_EQ(r.wait, 300 * kUs);
  EXPECT_EQ(r.run, 400 * kUs);
  EXPECT_EQ(r.work, 370 * kUs);
  EXPECT_EQ(r.response, 700 * kUs);
  EXPECT_EQ(r.activation, 400e3F);
  EXPECT_EQ(r.overdue, 0U);
  EXPECT_FLOAT_EQ(r.caused, 400e3F);  // task 1 waited 400 us, weight 2, two CPUs
  EXPECT_EQ(r.w, 2);
  EXPECT_EQ(r.importance, 2);
  EXPECT_EQ(r.others, 0);
  EXPECT_TRUE(r.woken);
  EXPECT_TRUE(r.slept);
  EXPECT_FALSE(r.preempted);
  EXPECT_FALSE(r.displaced);
  EXPECT_EQ(r.reward_class, 0);
}

TEST_F(JournalScript, ARecordSaysWhoseItIsAndWhy) {
  stage.appear(0, 3);
  stage.wake(1'000, 3);
  Grounds grounds;
  grounds.saved = 7;
  grounds.applied.slice = -1;
  Decision d{};
  d.task = 3;
  d.key = 1'040 * kUs;
  d.guard = 990 * kUs;  // overdue
  d.slice = 500'000;
  d.preempt_cpu = kNoCpu;
  journal.decided(3, Act{}, grounds, d, kNoTask);
  stage.start(1'100, 3);
  stage.sleep(1'200, 3);
  const std::vector<Record> all = decisions();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].task, 3U);
  EXPECT_EQ(all[0].pid, stage.env.task(3).pid);
  EXPECT_EQ(all[0].key, 40e3F);
  EXPECT_EQ(all[0].guard, -10e3F);
  EXPECT_EQ(all[0].slice, 500'000U);
  EXPECT_EQ(all[0].grounds.saved, 7);
  EXPECT_EQ(all[0].grounds.applied.slice, -1);
  const std::vector<Record> ended = bursts();
  ASSERT_EQ(ended.size(), 1U);
  EXPECT_EQ(ended[0].pid, all[0].pid);
  EXPECT_EQ(ended[0].decided, 1'200 * kUs);
}

TEST_F(JournalScript, OthersAreTheWaitingTasksPerCpuWithoutItself) {
  stage.appear(0, 0);
  stage.appear(0, 1);
  wake(0, 0);
  wake(0, 1);
  stage.start(10, 1);
  stage.sleep(20, 1);
  const std::vector<Record> all = decisions();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].others, 1);
}

TEST_F(JournalScript, ARunThatStartsPastDueSaysByHowMuch) {
  stage.appear(0, 0);
  wake(0, 0);
  const Nanos due_us = stage.tracker.task(0).due / kUs;
  stage.start(due_us + 70, 0);
  stage.sleep(due_us + 80, 0);
  EXPECT_EQ(decisions().at(0).overdue, 70 * kUs);
}

TEST_F(JournalScript, APreemptorThatStopsFirstWaitsForItsVictim) {
  preemption();
  stage.sleep(1'200, 0);
  EXPECT_TRUE(decisions().empty());
  stage.start(1'500, 1, 0);
  EXPECT_TRUE(decisions().empty());
  stage.stop(2'500, 1, StopReason::kSleep, 40);
  const std::vector<Record> all = decisions();
  ASSERT_EQ(all.size(), 2U);
  const Record& r = all[0];
  EXPECT_TRUE(r.preempted);
  EXPECT_TRUE(r.displaced);
  EXPECT_EQ(r.wait, 0U);
  EXPECT_EQ(r.run, 200 * kUs);
  EXPECT_EQ(r.victim_w, 2);
  EXPECT_EQ(r.victim_wait, 500 * kUs);
  EXPECT_EQ(r.victim_loss, 40 * kUs);
  EXPECT_EQ(all[1].act.x[0], 2);  // the victim's own
  EXPECT_EQ(all[1].wait, 500 * kUs);
  EXPECT_EQ(all[1].response, 2'500 * kUs);
  EXPECT_EQ(all[1].activation, 2'000e3F);  // before and after
}

TEST_F(JournalScript, AVictimMayRunElsewhereWhileItsPreemptorRuns) {
  preemption();
  stage.start(1'100, 1, 1);
  stage.stop(1'900, 1, StopReason::kSleep, 25);
  EXPECT_EQ(decisions().size(), 1U);  // its own
  stage.sleep(3'000, 0);
  const std::vector<Record> all = decisions();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_TRUE(all[0].displaced);
  EXPECT_EQ(all[0].victim_wait, 100 * kUs);
  EXPECT_EQ(all[0].victim_loss, 25 * kUs);
  EXPECT_EQ(all[0].run, 2'000 * kUs);
}

TEST_F(JournalScript, ARunDisplacesItsVictimOrItselfButNotBoth) {
  preemption();
  stage.start(1'100, 1, 1);
  stage.sleep(1'900, 1);
  decisions();
  put_back(3'000, 0, StopReason::kSliceEnd);
  const std::vector<Record> all = decisions();  // does not wait for its own next run
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].victim_wait, 100 * kUs);
}

TEST_F(JournalScript, AVictimMayStopAfterItsPreemptorAndStartBefore) {
  preemption();
  stage.start(1'100, 1, 1);
  stage.sleep(1'300, 0);
  EXPECT_TRUE(decisions().empty());
  stage.stop(1'900, 1, StopReason::kSleep, 25);
  const Record r = decisions().at(0);
  EXPECT_TRUE(r.displaced);
  EXPECT_EQ(r.victim_wait, 100 * kUs);
  EXPECT_EQ(r.victim_loss, 25 * kUs);
  EXPECT_EQ(r.run, 300 * kUs);
}

TEST_F(JournalScript, AVictimThatHadStoppedOfItsOwnAccordWasNotPreempted) {
  for (TaskId id = 0; id < 2; ++id) stage.appear(0, id);
  stage.direct(0, 1, 0);
  stage.start(0, 1, 0);
  stage.wake(1'000, 0);
  decide(0, 1, 0, 1);
  stage.sleep(1'000, 1);
  stage.start(1'000, 0, 0);
  stage.sleep(1'200, 0);
  const std::vector<Record> all = decisions();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_FALSE(all[0].preempted);
  EXPECT_FALSE(all[0].displaced);
}

TEST_F(JournalScript, ASlicesEndDisplacesTheTaskItself) {
  stage.appear(0, 0);
  wake(0, 0, 1);
  stage.start(0, 0);
  put_back(2'000, 0, StopReason::kSliceEnd, 2);
  EXPECT_TRUE(decisions().empty());
  stage.start(2'600, 0);
  EXPECT_TRUE(decisions().empty());
  put_back(4'600, 0, StopReason::kSliceEnd, 3, 15);
  std::vector<Record> all = decisions();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].act.x[0], 1);
  EXPECT_TRUE(all[0].displaced);
  EXPECT_FALSE(all[0].preempted);
  EXPECT_FALSE(all[0].slept);
  EXPECT_EQ(all[0].response, 0U);
  EXPECT_EQ(all[0].activation, 0);
  EXPECT_EQ(all[0].victim_w, 2);
  EXPECT_EQ(all[0].victim_wait, 600 * kUs);
  EXPECT_EQ(all[0].victim_loss, 15 * kUs);
  stage.start(4'700, 0);
  stage.sleep(4'900, 0);
  all = decisions();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].act.x[0], 2);
  EXPECT_EQ(all[0].victim_wait, 100 * kUs);
  EXPECT_EQ(all[1].act.x[0], 3);
  EXPECT_FALSE(all[1].woken);
  EXPECT_TRUE(all[1].slept);
}

TEST_F(JournalScript, APreemptedRunClosesWithoutDisplacingItself) {
  stage.appear(0, 0);
  wake(0, 0);
  stage.start(0, 0);
  put_back(500, 0, StopReason::kPreempted);
  const std::vector<Record> all = decisions();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_FALSE(all[0].displaced);
}

TEST_F(JournalScript, AVictimMayRunAndExit) {
  preemption();
  stage.sleep(1'200, 0);
  stage.start(1'500, 1, 0);
  stage.stop(1'600, 1, StopReason::kExit, 10);
  stage.exit(1'600, 1);
  const std::vector<Record> all = decisions();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].victim_wait, 500 * kUs);
  EXPECT_EQ(all[0].victim_loss, 10 * kUs);
  EXPECT_TRUE(all[1].slept);
}

TEST_F(JournalScript, AVictimThatIsGoneBeforeItRunsTellsNothing) {
  preemption();
  stage.sleep(1'200, 0);
  stage.exit(1'300, 1);
  std::vector<Record> all = decisions();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_TRUE(all[0].preempted);
  EXPECT_FALSE(all[0].displaced);
  stage.appear(1'400, 1);  // another task in its slot
  wake(1'500, 1);
  stage.start(1'900, 1);
  stage.sleep(2'000, 1);
  EXPECT_EQ(decisions().size(), 1U);
}

TEST_F(JournalScript, ASlotsNextTaskIsNotTakenForTheVictim) {
  preemption();
  stage.exit(1'100, 1);  // while its preemptor runs
  stage.appear(1'150, 1);
  stage.sleep(1'200, 0);
  std::vector<Record> all = decisions();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_FALSE(all[0].displaced);
  wake(1'300, 1, 8);
  stage.start(1'400, 1);
  stage.sleep(1'500, 1);
  all = decisions();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].act.x[0], 8);
  EXPECT_EQ(all[0].wait, 100 * kUs);
}

TEST_F(JournalScript, ADecisionOfASlotsFormerTaskIsForgotten) {
  stage.appear(0, 0);
  wake(0, 0, 3);
  stage.exit(10, 0);
  stage.appear(20, 0);
  stage.direct(30, 0, 0);
  stage.start(30, 0);
  stage.sleep(40, 0);
  EXPECT_TRUE(decisions().empty());
  EXPECT_TRUE(bursts().empty());
}

TEST_F(JournalScript, ARunWithoutADecisionLeavesNoRecord) {
  stage.appear(0, 0);
  stage.activation(0, 0, 500);
  EXPECT_TRUE(decisions().empty());
  EXPECT_TRUE(bursts().empty());
  EXPECT_EQ(journal.records(), 0U);
}

// --- bursts ---

TEST_F(JournalScript, ABurstIsTheCpuTimeFromItsDecisionOn) {
  stage.appear(0, 0);
  stage.direct(0, 0, 0);
  stage.start(0, 0);
  put_back(300, 0, StopReason::kPreempted, 4);  // the only decision of this activation
  stage.start(400, 0);
  stage.sleep(1'100, 0);
  const std::vector<Record> all = bursts();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].burst, 700 * kUs);
  EXPECT_EQ(all[0].act.prior_rem, 4);
  EXPECT_FALSE(all[0].censored);
}

TEST_F(JournalScript, ALongActivationIsCutOffAndSaysSo) {
  stage.appear(0, 0);
  wake(0, 0, 1);
  stage.start(0, 0);
  put_back(64'000, 0, StopReason::kSliceEnd, 2);  // not yet beyond 64 ms
  EXPECT_TRUE(bursts().empty());
  stage.start(64'000, 0);
  stage.stop(200'000, 0, StopReason::kSliceEnd);  // beyond, wherever the sample was taken
  std::vector<Record> all = bursts();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_TRUE(all[0].censored);
  EXPECT_EQ(all[0].burst, (all[0].act.x[0] == 1 ? 200'000 : 136'000) * kUs);
  stage.put_back(200'000, 0);
  decide(0, 3);
  stage.start(200'000, 0);
  stage.sleep(201'000, 0);
  all = bursts();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_FALSE(all[0].censored);
  EXPECT_EQ(all[0].burst, 1'000 * kUs);
  EXPECT_EQ(all[0].act.x[0], 3);
}

TEST_F(JournalScript, OneDecisionOfAnActivationIsSampledEachWithTheSameChance) {
  stage.appear(0, 0);
  std::array<int, 4> sampled{};
  Nanos now = 0;
  for (int round = 0; round < 4'000; ++round, now += 100) {
    wake(now, 0, 0);
    for (int i = 1; i < 4; ++i) {
      stage.start(now + 10 * static_cast<Nanos>(i), 0);
      put_back(now + 10 * static_cast<Nanos>(i) + 5, 0, StopReason::kPreempted,
               static_cast<float>(i));
    }
    stage.start(now + 50, 0);
    stage.sleep(now + 60, 0);
    const std::vector<Record> all = bursts();
    ASSERT_EQ(all.size(), 1U);
    const auto which = static_cast<size_t>(all[0].act.x[0]);
    ++sampled.at(which);
    ASSERT_EQ(all[0].burst, (25 - 5 * which) * kUs);
    decisions();
  }
  for (const int n : sampled) EXPECT_NEAR(n, 1'000, 110);  // four standard errors
}

class SmallQueue : public JournalScript {
 protected:
  SmallQueue() : JournalScript(3) {}
};

TEST_F(SmallQueue, DropsAndCounts) {
  stage.appear(0, 0);
  for (Nanos now = 0; now < 500; now += 100) {  // a decision and a burst each time
    wake(now, 0);
    stage.start(now + 10, 0);
    stage.sleep(now + 20, 0);
  }
  EXPECT_EQ(journal.records(), 10U);
  EXPECT_EQ(journal.dropped(), 7U);
  EXPECT_EQ(decisions().size() + bursts().size(), 3U);
}

TEST_F(JournalScript, ADecisionThatCameTooLateIsNotRecorded) {
  stage.appear(0, 0);
  wake(100, 0);
  stage.start(150, 0, 0, kUndecided);
  stage.sleep(250, 0);
  EXPECT_TRUE(decisions().empty());
  wake(300, 0);
  stage.start(350, 0, 0);
  stage.sleep(450, 0);
  EXPECT_EQ(decisions().size(), 1U);
}

}  // namespace
}  // namespace quanta
