#include "agent/run/drive.h"

#include <chrono>
#include <thread>

#include "agent/run/memory.h"

namespace quanta {
namespace {

bool reached(const Agent& agent, const Limits& limits) {
  if (limits.interrupted != nullptr && limits.interrupted->load(std::memory_order_relaxed)) {
    return true;
  }
  return agent.hot.metrics.counters.env_time.value() >= limits.until ||
         agent.cold.updates() >= limits.updates;
}

// Acts until `stop`; sets `finished` when the environment has come to its end.
void act(HotSide& hot, const std::atomic<bool>& stop, std::atomic<bool>& finished) {
  constexpr uint64_t kPassesPerSample = 1024;
  constexpr int kPassesBeforeSleep = 1000;
  constexpr std::chrono::microseconds kNap(50);
  touch_stack();
  FaultSampler faults(hot.metrics.counters);
  int idle = 0;
  for (uint64_t pass = 0; !stop.load(std::memory_order_relaxed); ++pass) {
    if (pass % kPassesPerSample == 0) faults.sample();
    idle = hot.loop.step() > 0 ? 0 : idle + 1;
    if (idle == 0) continue;
    if (hot.env.finished()) break;
    if (idle > kPassesBeforeSleep) std::this_thread::sleep_for(kNap);
  }
  faults.sample();
  finished.store(true, std::memory_order_relaxed);
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

void run_concurrent(Agent& agent, const Limits& limits, const Chores& chores) {
  constexpr std::chrono::milliseconds kPause(1);
  std::atomic<bool> stop{false};
  std::atomic<bool> finished{false};
  std::thread hot([&] { act(agent.hot, stop, finished); });
  while (!reached(agent, limits) && !finished.load(std::memory_order_relaxed)) {
    if (agent.cold.step() == 0) std::this_thread::sleep_for(kPause);
    chores(false);
  }
  stop.store(true, std::memory_order_relaxed);
  hot.join();
  agent.cold.step();
}

void run(Agent& agent, const Limits& limits, const Chores& chores) {
  const auto how = agent.hot.env.waits_for_agent() ? run_lockstep : run_concurrent;
  how(agent, limits, chores);
}

}  // namespace quanta
