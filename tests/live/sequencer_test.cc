#include "env/live/sequencer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "env/base/rng.h"

namespace quanta {
namespace {

constexpr uint32_t kTasks = 8;
constexpr int16_t kOffline = static_cast<int16_t>(kNoCpu);

// CPU ids 0, 2 and 3 are online; 1 is not.
class Sequence : public ::testing::Test {
 protected:
  std::vector<Event> take(quanta_event event) {
    std::vector<Event> out;
    sequencer.take(event, out);
    return out;
  }
  // Events as letters: New, eXec, Gone, Wake, Enqueue, Start, stOp, each with its task.
  std::string letters(quanta_event event) {
    std::string text;
    for (const Event& e : take(event)) {
      text += "NXGWESO"[static_cast<int>(e.kind)];
      text += std::to_string(e.task);
    }
    return text;
  }
  static quanta_event event(quanta_event_kind kind, uint32_t slot, int16_t cpu = kOffline) {
    quanta_event e{};
    e.time = 100;
    e.slot = slot;
    e.other = QUANTA_NO_SLOT;
    e.kind = static_cast<uint8_t>(kind);
    e.cpu = cpu;
    return e;
  }
  static quanta_event stop(uint32_t slot, int16_t cpu, quanta_stop_reason reason) {
    quanta_event e = event(QUANTA_EVENT_STOP, slot, cpu);
    e.reason = static_cast<uint8_t>(reason);
    e.ran = 7;
    return e;
  }

  Sequencer sequencer{kTasks, {0, kOffline, 1, 2}, 3};
};

TEST_F(Sequence, PassesOnWhatMakesSense) {
  EXPECT_EQ(letters(event(QUANTA_EVENT_NEW, 1)), "N1");
  quanta_event enqueue = event(QUANTA_EVENT_ENQUEUE, 1);
  enqueue.generation = 5;
  enqueue.flags = QUANTA_EVENT_WAKEUP | QUANTA_EVENT_SYNC;
  const Event waiting = take(enqueue).at(0);
  EXPECT_EQ(waiting.kind, EventKind::kEnqueue);
  EXPECT_EQ(waiting.generation, 5U);
  EXPECT_EQ(waiting.flags, kWakeup | kSync);
  const Event started = take(event(QUANTA_EVENT_START, 1, 3)).at(0);
  EXPECT_EQ(started.cpu, 2);  // dense
  const Event stopped = take(stop(1, 3, QUANTA_STOP_SLEEP)).at(0);
  EXPECT_EQ(stopped.ran, 7U);
  EXPECT_EQ(stopped.cpu, 2);
  EXPECT_EQ(stopped.reason, StopReason::kSleep);
  EXPECT_EQ(letters(event(QUANTA_EVENT_EXIT, 1)), "G1");
  EXPECT_EQ(sequencer.repaired(), 0U);
}

TEST_F(Sequence, ATaskWhoseBirthWasLostAppearsWhenItIsSeen) {
  EXPECT_EQ(letters(event(QUANTA_EVENT_ENQUEUE, 3)), "N3E3");
  EXPECT_EQ(letters(event(QUANTA_EVENT_EXEC, 4)), "N4X4");
  EXPECT_EQ(letters(event(QUANTA_EVENT_START, 5, 0)), "N5W5S5");
  EXPECT_GE(sequencer.repaired(), 3U);
}

TEST_F(Sequence, BeginsAnewAfterATimeOfWhichNothingWasReported) {
  take(event(QUANTA_EVENT_NEW, 1));
  take(event(QUANTA_EVENT_NEW, 2));
  take(event(QUANTA_EVENT_START, 2, 0));
  const auto letters_of = [](const std::vector<Event>& events) {
    std::string text;
    for (const Event& e : events) text += "NXGWESO"[static_cast<int>(e.kind)];
    return text;
  };
  const auto recall = [&](TaskId task, int16_t cpu, uint8_t is_waiting) {
    quanta_task in{};
    in.reported_cpu = cpu;
    in.is_waiting = is_waiting;
    std::vector<Event> out;
    sequencer.recall(900, task, in, out);
    for (const Event& e : out) EXPECT_EQ(e.time, 900U);
    return letters_of(out);
  };
  std::vector<Event> out;
  for (TaskId task = 0; task < kTasks; ++task) sequencer.forget(task, out);
  EXPECT_EQ(letters_of(out), "GOG");
  for (const Event& e : out) EXPECT_EQ(e.time, 100U);  // nobody waits in between
  EXPECT_EQ(recall(1, kOffline, 0), "N");
  EXPECT_EQ(recall(1, kOffline, 0), "");  // came by itself
  EXPECT_EQ(recall(2, kOffline, 1), "NW");
  EXPECT_EQ(recall(3, 2, 0), "NWS");
  EXPECT_EQ(letters(event(QUANTA_EVENT_START, 2, 0)), "S2");
}

TEST_F(Sequence, ASlotThatIsReusedEndsItsFormerTask) {
  take(event(QUANTA_EVENT_NEW, 2));
  take(event(QUANTA_EVENT_ENQUEUE, 2));
  take(event(QUANTA_EVENT_START, 2, 0));
  EXPECT_EQ(letters(event(QUANTA_EVENT_NEW, 2)), "O2G2N2");
}

TEST_F(Sequence, ACpuRunsOneTask) {
  take(event(QUANTA_EVENT_ENQUEUE, 1));
  take(event(QUANTA_EVENT_START, 1, 0));
  take(event(QUANTA_EVENT_ENQUEUE, 2));
  EXPECT_EQ(letters(event(QUANTA_EVENT_START, 2, 0)), "O1S2");  // its stop was lost
}

TEST_F(Sequence, ATaskRunsOnOneCpu) {
  take(event(QUANTA_EVENT_ENQUEUE, 1));
  take(event(QUANTA_EVENT_START, 1, 0));
  EXPECT_EQ(letters(event(QUANTA_EVENT_START, 1, 2)), "O1W1S1");
  EXPECT_EQ(letters(event(QUANTA_EVENT_ENQUEUE, 1)), "O1E1");
}

TEST_F(Sequence, AStopWithoutAStartBringsBoth) {
  take(event(QUANTA_EVENT_ENQUEUE, 1));
  EXPECT_EQ(letters(stop(1, 0, QUANTA_STOP_SLEEP)), "S1O1");
  EXPECT_EQ(letters(event(QUANTA_EVENT_ENQUEUE, 1)), "E1");
}

TEST_F(Sequence, TimeDoesNotGoBack) {
  quanta_event late = event(QUANTA_EVENT_NEW, 1);
  late.time = 500;
  EXPECT_EQ(take(late).at(0).time, 500U);
  EXPECT_EQ(take(event(QUANTA_EVENT_NEW, 2)).at(0).time, 500U);
}

TEST_F(Sequence, WhatIsNotKnownHereIsLeftOut) {
  EXPECT_EQ(letters(event(QUANTA_EVENT_NEW, kTasks)), "");
  EXPECT_EQ(letters(event(QUANTA_EVENT_START, 1, 1)), "N1");  // an offline CPU
  EXPECT_EQ(letters(event(QUANTA_EVENT_START, 1, 99)), "");
  EXPECT_EQ(letters(event(QUANTA_EVENT_EXIT, 6)), "");
}

// Whatever comes, what goes out is a life that makes sense, and no event becomes more than it may.
TEST_F(Sequence, KeepsItsPromisesForAnything) {
  enum class State : uint8_t { kGone, kAsleep, kQueued, kRunning, kPutBack };
  std::vector<State> states(kTasks, State::kGone);
  std::vector<uint32_t> running(3, kNoTask);
  Rng rng(7);
  Nanos now = 0;
  for (int i = 0; i < 200'000; ++i) {
    quanta_event in = event(static_cast<quanta_event_kind>(rng.below(8)), rng.below(kTasks + 1),
                            static_cast<int16_t>(static_cast<int>(rng.below(6)) - 1));
    in.time = rng.below(1'000'000);
    in.reason = static_cast<uint8_t>(rng.below(6));
    in.other = rng.below(kTasks + 2);
    const std::vector<Event> out = take(in);
    ASSERT_LE(out.size(), Sequencer::kMostPerEvent);
    for (const Event& e : out) {
      ASSERT_GE(e.time, now);
      now = e.time;
      State& state = states.at(e.task);
      switch (e.kind) {
        case EventKind::kNew:
          ASSERT_EQ(state, State::kGone);
          state = State::kAsleep;
          break;
        case EventKind::kExec:
          ASSERT_NE(state, State::kGone);
          break;
        case EventKind::kExit:
          ASSERT_TRUE(state != State::kGone && state != State::kRunning);
          state = State::kGone;
          break;
        case EventKind::kWake:
        case EventKind::kEnqueue:
          ASSERT_TRUE(state != State::kGone && state != State::kRunning);
          ASSERT_TRUE(e.other == kNoTask || states.at(e.other) != State::kGone);
          state = State::kQueued;
          break;
        case EventKind::kStart:
          ASSERT_EQ(state, State::kQueued);
          ASSERT_EQ(running.at(static_cast<size_t>(e.cpu)), kNoTask);
          running.at(static_cast<size_t>(e.cpu)) = e.task;
          state = State::kRunning;
          break;
        case EventKind::kStop:
          ASSERT_EQ(state, State::kRunning);
          ASSERT_EQ(running.at(static_cast<size_t>(e.cpu)), e.task);
          running.at(static_cast<size_t>(e.cpu)) = kNoTask;
          state = e.reason == StopReason::kSleep || e.reason == StopReason::kExit ? State::kAsleep
                                                                                  : State::kPutBack;
          break;
      }
    }
  }
}

}  // namespace
}  // namespace quanta
