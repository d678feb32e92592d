// In simulated runs the ledger agrees with sums over the events themselves.
#include <gtest/gtest.h>

#include <vector>

#include "agent/policy/baselines.h"
#include "agent/reward/ledger.h"
#include "env/sim/sim_env.h"
#include "tests/sim/shipped.h"

namespace quanta {
namespace {

// The plain way: every wait of every task, times the weight it had when it was enqueued.
struct Naive {
  explicit Naive(uint32_t max_tasks) : since(max_tasks), weight(max_tasks), waits(max_tasks) {}

  void update(const Event& e, const Tracker& tracker) {
    if (e.kind == EventKind::kWake || e.kind == EventKind::kEnqueue) {
      since[e.task] = e.time;
      weight[e.task] = tracker.task(e.task).w;
      waits[e.task] = true;
    } else if (e.kind == EventKind::kStart) {
      weighted += weight[e.task] * static_cast<double>(e.time - since[e.task]);
      total += e.time - since[e.task];
      ++starts;
      waits[e.task] = false;
    } else if (e.kind == EventKind::kStop) {
      work += static_cast<double>(e.work) * tracker.task(e.task).load_weight / kNiceZeroWeight;
    }
  }
  double still_waiting(Nanos now) const {
    double sum = 0;
    for (size_t i = 0; i < since.size(); ++i) {
      if (waits[i]) sum += weight[i] * static_cast<double>(now - since[i]);
    }
    return sum;
  }

  std::vector<Nanos> since;
  std::vector<double> weight;
  std::vector<bool> waits;
  double weighted = 0;
  double work = 0;
  Nanos total = 0;
  uint64_t starts = 0;
};

class LedgerInARun : public ::testing::TestWithParam<const char*> {};

TEST_P(LedgerInARun, SumsAllWeightedWaits) {
  const Load load = shipped(GetParam());
  SimEnv env(MachineConfig{}, load, SimScheduler::kExt, 3 * kSecond);
  const RewardConfig config;
  Tracker tracker(env, config.weighing);
  Ledger ledger(tracker, config);
  IndexPolicy policy{IndexConfig{}};
  Naive naive(env.max_tasks());
  std::vector<Event> events(256);
  std::vector<Decision> decisions;
  while (!env.finished()) {
    const size_t n = env.poll(events);
    decisions.clear();
    for (size_t i = 0; i < n; ++i) {
      tracker.update(events[i]);
      ledger.update(events[i]);
      naive.update(events[i], tracker);
      if (events[i].kind == EventKind::kEnqueue) {
        decisions.push_back(policy.decide(events[i], tracker));
      }
    }
    env.dispatch(decisions);
  }
  const Terms terms = ledger.mark().terms;
  const double expected = naive.weighted + naive.still_waiting(tracker.now());
  EXPECT_GT(naive.starts, 2'000U);
  EXPECT_GT(expected, 1e6);
  EXPECT_NEAR(-terms[kTermWait], expected, 1e-6 * expected);
  EXPECT_NEAR(terms[kTermThroughput], naive.work, 1e-9 * naive.work);
  EXPECT_EQ(ledger.runqueue_wait().count(), naive.starts);
  EXPECT_EQ(ledger.runqueue_wait().sum(), naive.total);
}

INSTANTIATE_TEST_SUITE_P(Workloads, LedgerInARun,
                         ::testing::Values("game_build", "server_hogs", "messages"),
                         [](const auto& test) { return std::string(test.param); });

}  // namespace
}  // namespace quanta
