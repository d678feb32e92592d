#include "env/trace/builder.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

#include "env/base/rng.h"
#include "env/trace/validate.h"
#include "env/trace/writer.h"

namespace quanta {
namespace {

constexpr Nanos kStart = 1000;

// Speaks in times since the start of the recording.
class Recording {
 public:
  explicit Recording(BuilderOptions options = {}) : builder_(with_start(options)) {}

  Recording& alive(uint32_t pid, const char* comm, uint32_t process = 0, uint32_t parent = 0) {
    return task(QUANTA_RECORD_ALIVE, 0, 0, pid, parent, comm, process);
  }
  Recording& fork(Nanos t, int cpu, uint32_t parent, uint32_t child, uint32_t process = 0) {
    return task(QUANTA_RECORD_FORK, t, cpu, child, parent, "child", process);
  }
  Recording& exec(Nanos t, int cpu, uint32_t pid, uint32_t old_pid, const char* comm) {
    return task(QUANTA_RECORD_EXEC, t, cpu, pid, old_pid, comm, pid);
  }
  Recording& rename(Nanos t, uint32_t pid, uint32_t by, const char* comm) {
    return task(QUANTA_RECORD_RENAME, t, 0, pid, by, comm, pid);
  }
  Recording& blocks(Nanos t, int cpu, uint32_t prev, uint32_t next) {
    return brief(QUANTA_RECORD_SWITCH, t, cpu, prev, next, QUANTA_RECORD_BLOCKED);
  }
  Recording& preempted(Nanos t, int cpu, uint32_t prev, uint32_t next) {
    return brief(QUANTA_RECORD_SWITCH, t, cpu, prev, next, 0);
  }
  Recording& dies(Nanos t, int cpu, uint32_t prev, uint32_t next) {
    return brief(QUANTA_RECORD_SWITCH, t, cpu, prev, next,
                 QUANTA_RECORD_BLOCKED | QUANTA_RECORD_DEAD);
  }
  Recording& wakes(Nanos t, uint32_t waker, uint32_t wakee, uint8_t flags = 0) {
    return brief(QUANTA_RECORD_WAKE, t, 0, waker, wakee, flags);
  }
  Recording& interrupt_wakes(Nanos t, uint32_t on_top_of, uint32_t wakee) {
    return wakes(t, on_top_of, wakee, QUANTA_RECORD_INTERRUPT);
  }

  Trace end(Nanos t) {
    Trace trace = builder_.finish(kStart + t, 0);
    const Status valid = validate(trace);
    EXPECT_TRUE(valid) << valid.error().message;
    return trace;
  }

  uint64_t unseen() const { return builder_.unseen(); }

 private:
  static BuilderOptions with_start(BuilderOptions options) {
    options.start = kStart;
    options.cpus = 2;
    return options;
  }

  Recording& brief(uint8_t kind, Nanos t, int cpu, uint32_t pid, uint32_t other, uint8_t flags) {
    quanta_task_record r{};
    r.head = {kStart + t, pid, other, static_cast<int16_t>(cpu), kind, flags, 0, {}};
    builder_.add(r);
    return *this;
  }

  Recording& task(uint8_t kind, Nanos t, int cpu, uint32_t pid, uint32_t other, const char* comm,
                  uint32_t process) {
    quanta_task_record r{};
    r.head = {kStart + t, pid, other, static_cast<int16_t>(cpu), kind, 0, 0, {}};
    r.process = process != 0 ? process : pid;
    std::strncpy(r.comm, comm, sizeof(r.comm) - 1);
    builder_.add(r);
    return *this;
  }

  TraceBuilder builder_;
};

std::string program(const TraceTask& task) {
  std::string out;
  for (const TraceOp& op : task.ops) {
    if (!out.empty()) out += ' ';
    switch (op.kind) {
      case TraceOpKind::kRun:
        out += fmt::format("run{}", op.value);
        break;
      case TraceOpKind::kSleep:
        out += fmt::format("sleep{}", op.value);
        break;
      case TraceOpKind::kWait:
        out += "wait";
        break;
      case TraceOpKind::kPost:
        out += fmt::format("post@{}", op.value);
        break;
      case TraceOpKind::kPostSync:
        out += fmt::format("sync@{}", op.value);
        break;
      case TraceOpKind::kFork:
        out += fmt::format("fork@{}", op.value);
        break;
      case TraceOpKind::kExec:
        out += "exec";
        break;
      case TraceOpKind::kExit:
        out += "exit";
        break;
    }
  }
  return out;
}

TEST(TraceBuilder, TimerWakeUpIsASleepOfTheTimeOffTheCpuWithoutTheWaitForIt) {
  // Blocks at 100, is woken at 400, but gets the CPU at 450 only.
  const Trace trace = Recording()
                          .alive(5, "a")
                          .blocks(100, 0, 5, 0)
                          .interrupt_wakes(400, 0, 5)
                          .preempted(450, 0, 0, 5)
                          .blocks(500, 0, 5, 0)
                          .end(600);
  ASSERT_EQ(trace.tasks.size(), 1U);
  EXPECT_EQ(program(trace.tasks[0]), "run100 sleep300 run50");
  EXPECT_EQ(trace.duration, 600U);
  EXPECT_EQ(trace.tasks[0].names, std::vector<std::string>{"a"});
  EXPECT_EQ(trace.tasks[0].start, 0U);
}

TEST(TraceBuilder, PreemptionLeavesNoMark) {
  const Trace trace = Recording()
                          .alive(5, "a")
                          .alive(6, "b")
                          .preempted(100, 0, 5, 6)
                          .preempted(250, 0, 6, 5)
                          .end(300);
  EXPECT_EQ(program(trace.tasks[0]), "run150");
  EXPECT_EQ(program(trace.tasks[1]), "run150");
}

TEST(TraceBuilder, ASwitchThatTheKernelHidesIsCounted) {
  Recording recording;
  // A task that is not told of takes the CPU; that it gives it back is not told of either.
  recording.alive(5, "a").preempted(100, 0, 5, 69).blocks(250, 0, 5, 0);
  EXPECT_EQ(recording.unseen(), 1U);
  recording.interrupt_wakes(300, 0, 5).preempted(310, 0, 0, 5);
  EXPECT_EQ(recording.unseen(), 1U);
  EXPECT_EQ(program(recording.end(400).tasks[0]), "run100 sleep50 run90");
}

TEST(TraceBuilder, TaskWakeUpIsAPostAtTheWakersCpuTimeAndAWaitInTheSleeper) {
  const Trace trace = Recording()
                          .alive(5, "waker")
                          .alive(6, "sleeper")
                          .blocks(10, 1, 6, 0)
                          .preempted(100, 0, 0, 5)
                          .wakes(130, 5, 6)
                          .preempted(140, 1, 0, 6)
                          .blocks(160, 0, 5, 0)
                          .blocks(200, 1, 6, 0)
                          .end(300);
  EXPECT_EQ(program(trace.tasks[0]), "run30 post@1 run30");
  EXPECT_EQ(program(trace.tasks[1]), "run10 wait run60");
}

TEST(TraceBuilder, SyncFlagAndWakesOfTasksAsleepSinceTheStart) {
  const Trace trace = Recording()
                          .alive(5, "waker")
                          .alive(6, "by task")
                          .alive(7, "by timer")
                          .wakes(40, 5, 6, QUANTA_RECORD_SYNC)
                          .interrupt_wakes(70, 5, 7)
                          .blocks(90, 0, 5, 0)
                          .end(100);
  EXPECT_EQ(program(trace.tasks[0]), "run40 sync@1 run50");
  EXPECT_EQ(program(trace.tasks[1]), "wait");
  EXPECT_EQ(program(trace.tasks[2]), "sleep70");
}

TEST(TraceBuilder, SyncIsInferredOnlyWhereAskedAndOnlyRightBeforeTheWakersSleep) {
  constexpr Nanos kNear = TraceBuilder::kSyncWindow;
  for (const bool infer : {false, true}) {
    const Trace trace = Recording({.infer_sync = infer})
                            .alive(5, "waker")
                            .alive(6, "a")
                            .wakes(100, 5, 6)
                            .blocks(100 + kNear, 0, 5, 6)
                            .blocks(200 + kNear, 0, 6, 0)
                            .interrupt_wakes(300 + kNear, 0, 5)
                            .preempted(300 + kNear, 0, 0, 5)
                            .wakes(400 + kNear, 5, 6)
                            .blocks(401 + 2 * kNear, 0, 5, 6)
                            .end(100'000);
    EXPECT_EQ(program(trace.tasks[0]), fmt::format("run100 {}@1 run{} sleep200 run100 post@1 run{}",
                                                   infer ? "sync" : "post", kNear, kNear + 1));
  }
}

TEST(TraceBuilder, WakeUpBeforeTheSwitchOutIsAPostBeforeTheWait) {
  // 6 is about to sleep when 5 wakes it; its switch is seen after that, and no second wake-up.
  const Trace trace = Recording()
                          .alive(5, "waker")
                          .alive(6, "sleeper")
                          .preempted(10, 0, 0, 5)
                          .preempted(10, 1, 0, 6)
                          .wakes(50, 5, 6)
                          .blocks(52, 1, 6, 0)
                          .preempted(60, 1, 0, 6)
                          .interrupt_wakes(65, 6, 6)
                          .interrupt_wakes(66, 5, 6)
                          .preempted(70, 1, 6, 0)
                          .end(100);
  EXPECT_EQ(program(trace.tasks[0]), "run40 post@1 run50");
  EXPECT_EQ(program(trace.tasks[1]), "run40 wait run12");
}

TEST(TraceBuilder, ForkStartsTheChildAtTheParentsCpuTimeAndExitEndsIt) {
  const Trace trace = Recording()
                          .alive(5, "sh")
                          .preempted(10, 0, 0, 5)
                          .fork(30, 0, 5, 8)
                          .preempted(35, 1, 0, 8)
                          .exec(45, 1, 8, 8, "cc1plus")
                          .wakes(60, 8, 5)
                          .dies(70, 1, 8, 0)
                          .blocks(80, 0, 5, 0)
                          .end(100);
  ASSERT_EQ(trace.tasks.size(), 2U);
  EXPECT_EQ(program(trace.tasks[0]), "run20 fork@1 run30 wait run20");
  EXPECT_EQ(program(trace.tasks[1]), "run10 exec run15 post@0 run10 exit");
  EXPECT_THAT(trace.tasks[1].names, ::testing::ElementsAre("child", "cc1plus"));
  EXPECT_TRUE(trace.tasks[1].forked);
  EXPECT_FALSE(trace.tasks[0].forked);
  EXPECT_EQ(trace.tasks[1].process, 1U);
}

TEST(TraceBuilder, APidIsUsedAgainForANewTask) {
  const Trace trace = Recording()
                          .alive(5, "sh")
                          .preempted(0, 0, 0, 5)
                          .fork(10, 0, 5, 8)
                          .dies(20, 1, 8, 0)
                          .fork(30, 0, 5, 8)
                          .preempted(30, 1, 0, 8)
                          .dies(45, 1, 8, 0)
                          .end(50);
  ASSERT_EQ(trace.tasks.size(), 3U);
  EXPECT_EQ(program(trace.tasks[0]), "run10 fork@1 run20 fork@2 run20");
  EXPECT_EQ(program(trace.tasks[1]), "exit");
  EXPECT_EQ(program(trace.tasks[2]), "run15 exit");
}

TEST(TraceBuilder, ThreadsShareTheirLeadersProcessEvenIfItDidNothing) {
  const Trace trace = Recording()
                          .alive(3, "idle process")
                          .alive(5, "leader")
                          .alive(6, "thread", 5)
                          .blocks(10, 0, 6, 0)
                          .end(20);
  ASSERT_EQ(trace.tasks.size(), 2U);
  EXPECT_EQ(trace.tasks[0].names[0], "leader");
  EXPECT_EQ(trace.tasks[1].process, 0U);
  EXPECT_TRUE(trace.tasks[0].ops.empty());
}

TEST(TraceBuilder, RenamesAreNewNamesAndTheSameNameIsNone) {
  const Trace trace = Recording()
                          .alive(5, "a")
                          .alive(6, "b")
                          .rename(10, 5, 5, "worker")
                          .exec(20, 0, 5, 5, "worker")
                          .rename(30, 6, 5, "helper")
                          .blocks(40, 0, 5, 0)
                          .end(50);
  EXPECT_EQ(program(trace.tasks[0]), "run10 exec run30");
  EXPECT_EQ(program(trace.tasks[1]), "exec");
  EXPECT_THAT(trace.tasks[0].names, ::testing::ElementsAre("a", "worker"));
}

TEST(TraceBuilder, ExecFromAThreadGoesOnUnderTheLeadersPid) {
  const Trace trace = Recording()
                          .alive(5, "leader")
                          .alive(6, "thread", 5)
                          .preempted(10, 0, 0, 6)
                          .dies(20, 1, 5, 0)
                          .preempted(30, 0, 5, 0)  // the thread, already with pid 5
                          .preempted(35, 0, 0, 5)
                          .exec(40, 0, 5, 6, "program")
                          .blocks(60, 0, 5, 0)
                          .interrupt_wakes(70, 0, 5)
                          .end(100);
  EXPECT_EQ(program(trace.tasks[0]), "run20 exit");
  EXPECT_EQ(program(trace.tasks[1]), "run20 exec run20 sleep10");
}

TEST(TraceBuilder, OnlyTheTreeIsKeptAndOthersWakeItLikeDevices) {
  const Trace trace = Recording({.tree = 5})
                          .alive(4, "stranger")
                          .alive(5, "root")
                          .alive(7, "old child", 0, 5)
                          .preempted(0, 0, 0, 5)
                          .fork(10, 0, 5, 8)
                          .fork(15, 0, 4, 9)
                          .wakes(20, 5, 4)
                          .wakes(30, 4, 8)
                          .blocks(40, 0, 5, 0)
                          .wakes(50, 4, 5)
                          .wakes(60, 4, 7)
                          .end(100);
  ASSERT_EQ(trace.tasks.size(), 3U);
  EXPECT_EQ(program(trace.tasks[0]), "run10 fork@2 run30 sleep10");
  EXPECT_EQ(program(trace.tasks[1]), "sleep60");
  EXPECT_EQ(program(trace.tasks[2]), "");
}

TEST(TraceBuilder, TheRecorderLeavesItselfOut) {
  const Trace trace = Recording({.exclude = 5})
                          .alive(5, "scx_quanta")
                          .alive(6, "a")
                          .preempted(0, 0, 0, 5)
                          .fork(5, 0, 5, 9, 5)
                          .wakes(10, 5, 6)
                          .wakes(20, 6, 5)
                          .blocks(30, 1, 6, 0)
                          .end(100);
  ASSERT_EQ(trace.tasks.size(), 1U);
  EXPECT_EQ(program(trace.tasks[0]), "sleep10");
}

TEST(TraceBuilder, StaysValidWhateverTheEvents) {
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    Rng rng(seed);
    TraceBuilder builder({.start = 50, .cpus = 2, .tree = rng.below(3), .infer_sync = true});
    for (int i = 0; i < 400; ++i) {
      quanta_task_record r{};
      r.head = {rng.below(5000),
                rng.below(6),
                rng.below(6),
                static_cast<int16_t>(static_cast<int>(rng.below(4)) - 1),
                static_cast<uint8_t>(rng.below(8)),
                static_cast<uint8_t>(rng.below(32)),
                static_cast<int8_t>(rng.below(256)),
                {}};
      r.process = rng.below(6);
      for (char& c : r.comm) c = static_cast<char>(rng.below(256));
      builder.add(r);
    }
    const Result<std::string> bytes = encode_trace(builder.finish(rng.below(6000), 1));
    EXPECT_TRUE(bytes) << "seed " << seed << ": " << bytes.error().message;
  }
}

}  // namespace
}  // namespace quanta
