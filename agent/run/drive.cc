#include "agent/run/drive.h"

#include <chrono>
#include <thread>

#include "agent/run/cpu_budget.h"
#include "agent/run/memory.h"
#include "env/base/clocks.h"

namespace quanta {
namespace {

bool reached(const Agent& agent, const Limits& limits) {
  if (limits.interrupted != nullptr && limits.interrupted->load(std::memory_order_relaxed)) {
    return true;
  }
  return agent.hot.metrics.counters.env_time.value() >= limits.until ||
         agent.cold.updates() >= limits.updates;
}

// The hot thread, and what it tells the other.
class HotThread {
 public:
  explicit HotThread(HotSide& hot) : hot_(hot), thread_([this] { act(); }) {}

  bool ended() const { return ended_.load(std::memory_order_acquire); }

  Status end() {
    stop_.store(true, std::memory_order_relaxed);
    thread_.join();
    return begun_;
  }

 private:
  void act() {
    hold_stack();
    begun_ = hot_.env.begin();
    if (begun_) {
      loop();
    }
    ended_.store(true, std::memory_order_release);
  }

  void loop() {
    constexpr uint64_t kPassesPerSample = 1024;
    constexpr Nanos kMostIdle = 100 * kMillisecond;
    FaultSampler faults(hot_.metrics.counters);
    for (uint64_t pass = 0; !stop_.load(std::memory_order_relaxed); ++pass) {
      if (pass % kPassesPerSample == 0) faults.sample();
      if (hot_.loop.step() > 0) continue;
      if (hot_.env.finished()) break;
      hot_.env.wait(kMostIdle);
      hot_.meter.idle();
    }
    faults.sample();
  }

  HotSide& hot_;
  std::atomic<bool> stop_{false};
  std::atomic<bool> ended_{false};
  Status begun_;
  std::thread thread_;  // last: it uses all the others
};

// One step of the cold side, which trains while its budget allows it: where less is tried out,
// there is less to learn from.
int learn_within(CpuBudget& budget, ColdSide& cold) {
  using Training = ColdSide::Training;
  if (budget.unbounded()) return cold.step();
  const double pace = cold.acting().gate.signals().pace.load(std::memory_order_relaxed);
  if (!budget.allows(monotonic_time(), pace)) return cold.step(Training::kNone);
  const Nanos before = thread_cpu();
  const int updates = cold.step(Training::kOneUpdate);
  budget.spent(thread_cpu() - before);
  return updates;
}

}  // namespace

void run_lockstep(Agent& agent, const Limits& limits, const Chores& chores) {
  while (!reached(agent, limits) && !agent.hot.env.finished()) {
    agent.hot.loop.step();
    agent.cold.step();
    // What has just been published decides from the next pass on, as after a restart.
    agent.hot.publisher.quiescent();
    chores(true);
  }
}

Status run_concurrent(Agent& agent, const Limits& limits, const Chores& chores) {
  constexpr std::chrono::seconds kRefresh(1);
  auto refreshed = std::chrono::steady_clock::now();
  CpuBudget budget(limits.learner_cpu, monotonic_time());
  HotThread hot(agent.hot);
  while (!reached(agent, limits) && !hot.ended()) {
    const int updates = learn_within(budget, agent.cold);
    if (updates == 0) std::this_thread::sleep_for(limits.pause);
    chores(false);
    if (const auto now = std::chrono::steady_clock::now(); now - refreshed >= kRefresh) {
      refreshed = now;
      agent.hot.env.refresh();
    }
  }
  Status begun = hot.end();
  agent.cold.step();
  return begun;
}

Status run(Agent& agent, const Limits& limits, const Chores& chores) {
  if (!agent.hot.env.waits_for_agent()) return run_concurrent(agent, limits, chores);
  run_lockstep(agent, limits, chores);
  return {};
}

}  // namespace quanta
