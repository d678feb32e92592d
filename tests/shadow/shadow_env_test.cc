// Watches this very kernel: needs root and BTF, and says so where they are missing.
#include "env/shadow/shadow_env.h"

#include <gtest/gtest.h>

#include <array>
#include <ctime>
#include <map>
#include <thread>

#include "env/trace/kernel_layout.h"
#include "tests/process.h"

namespace quanta {
namespace {

constexpr int kNaps = 40;
// On a busy machine a nap can be over before its task has left the CPU: that is no sleep.
constexpr int kFew = 5;
constexpr Nanos kNap = 5 * kMillisecond;

// Sleeps and computes in turns under the name `name`.
void nap(const char* name) {
  ::prctl(PR_SET_NAME, name);
  const timespec length = {0, kNap};
  volatile uint64_t sum = 0;
  for (int i = 0; i < kNaps; ++i) {
    for (int k = 0; k < 100'000; ++k) sum = sum + 1;
    ::nanosleep(&length, nullptr);
  }
}

struct Seen {
  int enqueued = 0;
  int started = 0;
  int slept = 0;
  bool gone = false;
  Nanos ran = 0;
};

class ShadowKernel : public ::testing::Test {
 protected:
  void SetUp() override {
    if (const Status s = check_can_trace(); !s) GTEST_SKIP() << s.error().message;
  }

  // Runs a napper and watches until it is gone, or too long.
  std::map<std::string, Seen> watch(const ShadowConfig& config) {
    auto opened = ShadowEnv::open(config);
    EXPECT_TRUE(opened) << opened.error().message;
    if (!opened) return {};
    env_ = *std::move(opened);
    EXPECT_TRUE(env_->begin());
    Child napper([] { nap("napper/1"); });
    std::map<std::string, Seen> seen;
    std::vector<std::string> name(env_->max_tasks());
    std::array<Event, 64> events;
    const Nanos end = env_->now() + 20 * kSecond;
    Nanos last = 0;
    while (!seen["napper/1"].gone && env_->now() < end) {
      const size_t n = env_->poll(events);
      if (n == 0) env_->wait(kSecond);
      for (size_t i = 0; i < n; ++i) {
        const Event& e = events[i];
        EXPECT_GE(e.time, last);
        last = e.time;
        if (e.kind == EventKind::kNew || e.kind == EventKind::kExec) {
          name[e.task] = env_->task(e.task).comm;
        }
        Seen& s = seen[name[e.task]];
        s.enqueued += e.kind == EventKind::kEnqueue && (e.flags & kWakeup) != 0;
        s.started += e.kind == EventKind::kStart;
        s.slept += e.kind == EventKind::kStop && e.reason == StopReason::kSleep;
        if (e.kind == EventKind::kStop) s.ran += e.ran;
        if (e.kind == EventKind::kExit) s.gone = true;
      }
    }
    napper.wait();
    return seen;
  }

  std::unique_ptr<ShadowEnv> env_;
};

TEST_F(ShadowKernel, SeesWhatAKnownTaskDoes) {
  std::map<std::string, Seen> seen = watch({});
  const Seen& napper = seen["napper/1"];
  EXPECT_TRUE(napper.gone);
  EXPECT_GE(napper.slept, kNaps - kFew);
  EXPECT_LE(napper.slept, kNaps + kFew);
  EXPECT_GE(napper.started, kNaps - kFew);
  EXPECT_GE(napper.enqueued, kNaps - kFew);
  EXPECT_GT(napper.ran, 10 * kMicrosecond * kNaps);
  EXPECT_LT(napper.ran, kNaps * kNap);
  EXPECT_GT(seen.size(), 1U);
  EXPECT_EQ(env_->lost(), 0U);
}

TEST_F(ShadowKernel, WatchesOnlyWhatFits) {
  ShadowConfig config;
  config.comm = {"napper*"};
  std::map<std::string, Seen> seen = watch(config);
  EXPECT_GE(seen["napper/1"].slept, kNaps - kFew);
  for (const auto& [name, what] : seen) EXPECT_EQ(name.substr(0, 6), "napper");
}

TEST_F(ShadowKernel, TellsWhatItCosts) {
  watch({});
  const WatchCost cost = env_->cost();
  EXPECT_GT(cost.runs, 2U * kNaps);
  EXPECT_GT(cost.kernel, 0U);
  EXPECT_GT(cost.thread, 0U);
  EXPECT_LT(cost.kernel + cost.thread, 5 * kSecond);
}

TEST_F(ShadowKernel, HandsOverWindowsForTheTwin) {
  ShadowConfig config;
  config.window = kSecond;
  auto env = ShadowEnv::open(config);
  ASSERT_TRUE(env);
  ASSERT_TRUE((*env)->begin());
  Child napper([] { nap("napper/2"); });
  std::array<Event, 64> events;
  std::optional<WatchedWindow> window;
  for (const Nanos end = (*env)->now() + 20 * kSecond; !window && (*env)->now() < end;) {
    if ((*env)->poll(events) == 0) (*env)->wait(kSecond);
    window = (*env)->take_window();
  }
  napper.wait();
  ASSERT_TRUE(window);
  EXPECT_GE(window->trace.duration, kSecond);
  EXPECT_GT(window->waits.wakeup.count(), 0U);
  bool found = false;
  for (const TraceTask& task : window->trace.tasks) found |= task.names.back() == "napper/2";
  EXPECT_TRUE(found);
}

}  // namespace
}  // namespace quanta
