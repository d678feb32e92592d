// The hot loop allocates nothing once it runs: counted by replacing the allocator of this program.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>
#include <string>

#include "agent/run/hot_side.h"
#include "env/sim/load_file.h"
#include "env/sim/sim_env.h"
#include "tests/hot/perturbing_learner.h"

namespace {

std::atomic<uint64_t> allocations{0};

void* counted(size_t size, size_t alignment) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  void* memory = nullptr;
  if (alignment < sizeof(void*)) alignment = sizeof(void*);
  if (posix_memalign(&memory, alignment, size == 0 ? 1 : size) != 0) throw std::bad_alloc();
  return memory;
}

// Not inlined: the compiler would pair this free() with a `new` whose replacement it does not see.
[[gnu::noinline]] void release(void* memory) {
  std::free(memory);
}

}  // namespace

void* operator new(size_t size) {
  return counted(size, alignof(std::max_align_t));
}
void* operator new(size_t size, std::align_val_t alignment) {
  return counted(size, static_cast<size_t>(alignment));
}
void operator delete(void* memory) noexcept {
  release(memory);
}
void operator delete(void* memory, size_t) noexcept {
  release(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
  release(memory);
}
void operator delete(void* memory, size_t, std::align_val_t) noexcept {
  release(memory);
}

namespace quanta {
namespace {

constexpr Nanos kForever = Nanos{1} << 60;

class HotLoopAllocation : public ::testing::TestWithParam<const char*> {};

TEST_P(HotLoopAllocation, NeverHappensAfterWarmUp) {
  const Result<Load> load =
      read_load(std::string(QUANTA_SOURCE_DIR "/configs/workloads/") + GetParam());
  ASSERT_TRUE(load) << load.error().message;
  Config config;
  SimEnv env(config.sim.machine, *load, SimScheduler::kExt, kForever);
  HotSide hot(config, env);
  PerturbingLearner learner(config.learner);
  Weights weights;
  learner.snapshot(weights);
  hot.adopt(weights);  // explores

  const auto run_until = [&](Nanos end) {
    while (env.now() < end) {
      hot.loop.step();
      hot.queue.consume_all([](const Record&) {});
    }
  };
  run_until(kSecond);
  const uint64_t decisions = hot.loop.decisions();
  const uint64_t before = allocations.load();
  run_until(6 * kSecond);
  EXPECT_EQ(allocations.load() - before, 0U);
  EXPECT_GT(hot.loop.decisions(), decisions + 500);
  EXPECT_GT(hot.journal.records(), 500U);
}

INSTANTIATE_TEST_SUITE_P(Workloads, HotLoopAllocation,
                         ::testing::Values("game_build.yaml", "server_hogs.yaml", "messages.yaml",
                                           "hackbench.yaml", "desktop.trace"),
                         [](const auto& test) {
                           const std::string name = test.param;
                           return name.substr(0, name.find('.'));
                         });

TEST(AllocationCounter, SeesAnAllocation) {
  const uint64_t before = allocations.load();
  const auto number = std::make_unique<int>(1);
  EXPECT_EQ(allocations.load() - before, 1U) << *number;
}

}  // namespace
}  // namespace quanta
