// Records this very kernel: needs root and BTF, and says so where they are missing.
#include "env/trace/record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <filesystem>
#include <set>
#include <thread>

#include "env/trace/kernel_layout.h"
#include "env/trace/reader.h"
#include "tests/process.h"

namespace quanta {
namespace {

constexpr int kRounds = 20;
constexpr Nanos kBurst = 5 * kMillisecond;
constexpr Nanos kNap = 10 * kMillisecond;

using Pipe = std::array<int, 2>;

Pipe open_pipe() {
  Pipe fds{};
  if (::pipe(fds.data()) != 0) std::abort();
  return fds;
}

void send(const Pipe& pipe) {
  const char byte = 1;
  if (::write(pipe[1], &byte, 1) != 1) ::_exit(1);
}

bool receive(const Pipe& pipe) {
  char byte = 0;
  return ::read(pipe[0], &byte, 1) == 1;
}

void burn(Nanos cpu_time) {
  const auto used = [] {
    timespec now = {};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<Nanos>(now.tv_sec) * kSecond + static_cast<Nanos>(now.tv_nsec);
  };
  for (const Nanos end = used() + cpu_time; used() < end;) {
  }
}

// True if the caller left the CPU: where the machine stands still for so long, the nap is over
// before.
bool take_nap() {
  const auto switches = [] {
    rusage usage = {};
    ::getrusage(RUSAGE_SELF, &usage);
    return usage.ru_nvcsw;
  };
  const long before = switches();
  const timespec nap = {0, kNap};
  ::nanosleep(&nap, nullptr);
  return switches() > before;
}

// `slept` counts the naps for which it has left the CPU.
[[noreturn]] void burner(const Pipe& there, const Pipe& back, std::atomic<int>& slept) {
  ::prctl(PR_SET_NAME, "burner");
  for (int i = 0; i < kRounds; ++i) {
    burn(kBurst);
    if (take_nap()) ++slept;
    send(there);
    receive(back);
  }
  ::_exit(0);
}

[[noreturn]] void replier(const Pipe& there, const Pipe& back) {
  ::prctl(PR_SET_NAME, "replier");
  ::close(there[1]);
  while (receive(there)) send(back);
  ::_exit(0);
}

// The parent of both; starts them on a byte from `go`.
void run_both(const Pipe& go, std::atomic<int>& slept) {
  receive(go);
  const Pipe there = open_pipe();
  const Pipe back = open_pipe();
  if (::fork() == 0) burner(there, back, slept);
  if (::fork() == 0) replier(there, back);
  ::close(there[1]);
  while (::wait(nullptr) > 0) {
  }
}

class RecordKernel : public ::testing::Test {
 protected:
  void SetUp() override {
    if (const Status s = check_can_trace(); !s) GTEST_SKIP() << s.error().message;
    std::filesystem::create_directories(directory_);
  }
  void TearDown() override {
    std::filesystem::remove_all(directory_);
    ::munmap(slept_, sizeof *slept_);
  }

  // Records the load from before its start until after its end.
  RecordReport record_load(bool anonymise, const std::string& file) {
    const Pipe go = open_pipe();
    Child load([&] { run_both(go, *slept_); });
    std::atomic<bool> stop{false};
    bool started = false;
    std::thread waiter([&] {
      load.wait();
      stop = true;
    });
    const Result<RecordReport> report = record({.output = file,
                                                .duration = 60 * kSecond,
                                                .anonymise = anonymise,
                                                .tree = static_cast<uint32_t>(load.pid()),
                                                .stop = &stop,
                                                .progress = [&](const RecordProgress&) {
                                                  if (!started) send(go);
                                                  started = true;
                                                }});
    if (!started) send(go);
    waiter.join();
    for (const int fd : go) ::close(fd);
    EXPECT_TRUE(report) << report.error().message;
    return report.value_or(RecordReport{});
  }

  const std::filesystem::path directory_ =
      std::filesystem::path(::testing::TempDir()) / ("record-" + std::to_string(::getpid()));
  // Shared with the load.
  std::atomic<int>* const slept_ =
      new (::mmap(nullptr, sizeof(std::atomic<int>), PROT_READ | PROT_WRITE,
                  MAP_SHARED | MAP_ANONYMOUS, -1, 0)) std::atomic<int>(0);
};

uint32_t task_named(const Trace& trace, const std::string& name) {
  const auto found = std::find_if(trace.tasks.begin(), trace.tasks.end(),
                                  [&](const TraceTask& t) { return t.names.back() == name; });
  return static_cast<uint32_t>(found - trace.tasks.begin());
}

template <class Predicate>
long count(const TraceTask& task, Predicate&& predicate) {
  return std::count_if(task.ops.begin(), task.ops.end(), predicate);
}

// The timer is set before the task leaves the CPU, so that what is seen of a nap may be shorter.
bool is_nap(const TraceOp& op) {
  return op.kind == TraceOpKind::kSleep && op.value >= kNap / 2;
}

// Naps before which, since the one before, the burst was run in full; on a busy machine in parts.
// The load's CPU clock and the trace's monotonic one, which may be slewed, differ by less than a
// percent.
long full_bursts(const TraceTask& task) {
  long full = 0;
  Nanos ran = 0;
  for (const TraceOp& op : task.ops) {
    if (op.kind == TraceOpKind::kRun) ran += op.value;
    if (!is_nap(op)) continue;
    if (ran >= kBurst - kBurst / 100) ++full;
    ran = 0;
  }
  return full;
}

TEST_F(RecordKernel, SaysWhatAKnownLoadDid) {
  const std::string file = directory_ / "load.trace";
  const RecordReport report = record_load(false, file);
  EXPECT_EQ(report.lost, report.unseen);
  EXPECT_EQ(report.ended, "stopped");
  const Result<Trace> trace = read_trace(file);
  ASSERT_TRUE(trace) << trace.error().message;
  EXPECT_EQ(trace->tasks.size(), report.tasks);
  ASSERT_EQ(trace->tasks.size(), 3U);

  const uint32_t burner_task = task_named(*trace, "burner");
  const uint32_t replier_task = task_named(*trace, "replier");
  ASSERT_LT(burner_task, 3U);
  ASSERT_LT(replier_task, 3U);
  const TraceTask& burner_program = trace->tasks[burner_task];
  const TraceTask& replier_program = trace->tasks[replier_task];

  // A timer ended each nap, and before each nap the burst was run in full.
  EXPECT_GE(*slept_, kRounds / 2);
  EXPECT_EQ(count(burner_program, is_nap), *slept_);
  EXPECT_LE(full_bursts(burner_program), *slept_);
  EXPECT_GE(full_bursts(burner_program), *slept_ - static_cast<long>(report.unseen));

  // Each post of the one is a wait of the other: no wake-up has a wrong or no cause.
  const auto posts_to = [](uint32_t target) {
    return [target](const TraceOp& op) {
      return (op.kind == TraceOpKind::kPost || op.kind == TraceOpKind::kPostSync) &&
             op.value == target;
    };
  };
  const auto waits = [](const TraceOp& op) { return op.kind == TraceOpKind::kWait; };
  EXPECT_GE(count(burner_program, posts_to(replier_task)), kRounds / 2);
  EXPECT_GE(count(replier_program, waits), count(burner_program, posts_to(replier_task)));
  EXPECT_EQ(count(burner_program, waits), count(replier_program, posts_to(burner_task)));

  // Both were forked by the third, renamed themselves and exited.
  for (const TraceTask* task : {&burner_program, &replier_program}) {
    EXPECT_TRUE(task->forked);
    EXPECT_EQ(task->names.size(), 2U);
    EXPECT_EQ(task->ops.back().kind, TraceOpKind::kExit);
    EXPECT_FALSE(task->kernel_thread);
    EXPECT_EQ(task->uid, ::getuid());
  }
}

TEST_F(RecordKernel, AnonymisedFilesHaveNoName) {
  const std::string file = directory_ / "load.trace";
  record_load(true, file);
  const Result<Trace> trace = read_trace(file);
  ASSERT_TRUE(trace) << trace.error().message;
  EXPECT_TRUE(trace->anonymised);
  ASSERT_EQ(trace->tasks.size(), 3U);
  std::set<std::string> names;
  for (const TraceTask& task : trace->tasks) names.insert(task.names.begin(), task.names.end());
  // The parent's, which its children began with, and one for each of them.
  EXPECT_THAT(names, ::testing::ElementsAre("task-1", "task-2", "task-3"));
}

TEST_F(RecordKernel, EndsAtTheSizeLimitAndWritesWhatItHas) {
  const std::string file = directory_ / "small.trace";
  const Result<RecordReport> report =
      record({.output = file, .duration = 60 * kSecond, .max_bytes = 100});
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->ended, "size limit");
  EXPECT_TRUE(read_trace(file));
}

TEST_F(RecordKernel, AnUnwritableFileIsRefusedBeforeRecording) {
  const Result<RecordReport> report = record({.output = directory_ / "none" / "x.trace"});
  ASSERT_FALSE(report);
  EXPECT_THAT(report.error().message, ::testing::HasSubstr("none/x.trace: cannot be written"));
}

}  // namespace
}  // namespace quanta
