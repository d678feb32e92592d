// No time is lost or made up, on every shipped workload and under both classes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sim/harness.h"
#include "tests/sim/shipped.h"

namespace quanta {
namespace {

struct Case {
  std::string file;
  SimScheduler scheduler;
};

std::vector<Case> cases() {
  std::vector<Case> all;
  for (const std::string& file : shipped_workloads()) {
    all.push_back({file, SimScheduler::kExt});
    all.push_back({file, SimScheduler::kEevdf});
  }
  return all;
}

// Follows the events of one run, CPU by CPU and task by task.
struct Audit {
  struct Cpu {
    TaskId running = kNoTask;
    Nanos since = 0;
  };
  std::vector<Cpu> cpus;
  std::vector<CpuId> on;        // per task
  std::vector<bool> waiting;    // per task
  std::vector<Nanos> last_ran;  // per task
  Nanos busy = 0;
  Nanos time = 0;

  Audit(int n_cpus, uint32_t tasks)
      : cpus(static_cast<size_t>(n_cpus)), on(tasks, kNoCpu), waiting(tasks), last_ran(tasks) {}

  void see(const Event& e) {
    EXPECT_GE(e.time, time) << "time runs backwards";
    time = e.time;
    if (e.kind == EventKind::kEnqueue || e.kind == EventKind::kWake) {
      EXPECT_FALSE(waiting[e.task]);
      EXPECT_EQ(on[e.task], kNoCpu);
      waiting[e.task] = true;
    }
    if (e.kind == EventKind::kExit) waiting[e.task] = false;
    if (e.kind == EventKind::kStart) {
      Cpu& cpu = cpus[static_cast<size_t>(e.cpu)];
      EXPECT_EQ(cpu.running, kNoTask) << "two tasks on CPU " << e.cpu;
      EXPECT_TRUE(waiting[e.task]);
      waiting[e.task] = false;
      on[e.task] = e.cpu;
      cpu = {e.task, e.time};
    }
    if (e.kind == EventKind::kStop) {
      Cpu& cpu = cpus[static_cast<size_t>(e.cpu)];
      EXPECT_EQ(cpu.running, e.task);
      EXPECT_EQ(e.ran, e.time - cpu.since);
      busy += e.ran;
      last_ran[e.task] = e.time;
      on[e.task] = kNoCpu;
      cpu.running = kNoTask;
    }
  }
};

class AccountingTest : public testing::TestWithParam<Case> {};

TEST_P(AccountingTest, WorkOverheadAndIdleMakeUpAllCpuTimeAndEveryTaskGetsOn) {
  constexpr Nanos kDuration = 2 * kSecond;
  const Load load = shipped(GetParam().file);
  SimEnv env({}, load, GetParam().scheduler, kDuration);
  Audit audit(env.cpus(), env.max_tasks());
  for (const Event& e : run(env)) audit.see(e);

  Nanos charged = 0;
  for (const GroupStats& group : env.machine().stats()) charged += group.work + group.overhead;
  for (CpuId c = 0; c < env.cpus(); ++c) {
    const SimCpu& cpu = env.machine().cpu(c);
    EXPECT_EQ(cpu.running, audit.cpus[static_cast<size_t>(c)].running);
    if (cpu.running != kNoTask) audit.busy += cpu.accounted - cpu.started;
  }
  EXPECT_EQ(charged, audit.busy);
  for (TaskId id = 0; id < env.max_tasks(); ++id) {
    if (audit.waiting[id]) {
      EXPECT_LT(env.now() - env.machine().task(id).runnable_since, 300 * kMillisecond)
          << comm(env, id) << " starves";
    }
  }
}

TEST_P(AccountingTest, NoCpuIsIdleWhileATaskWaits) {
  SimEnv env({}, shipped(GetParam().file), GetParam().scheduler, kSecond);
  const std::vector<Event> events = run(env);
  Nanos idle_with_waiters = 0;
  Audit audit(env.cpus(), env.max_tasks());
  for (size_t i = 0; i + 1 < events.size(); ++i) {
    audit.see(events[i]);
    const bool idle = std::any_of(audit.cpus.begin(), audit.cpus.end(),
                                  [](const Audit::Cpu& c) { return c.running == kNoTask; });
    const bool waits =
        std::find(audit.waiting.begin(), audit.waiting.end(), true) != audit.waiting.end();
    if (idle && waits) idle_with_waiters += events[i + 1].time - events[i].time;
  }
  EXPECT_EQ(idle_with_waiters, 0U);
}

INSTANTIATE_TEST_SUITE_P(Shipped, AccountingTest, testing::ValuesIn(cases()), [](const auto& c) {
  return c.param.file + (c.param.scheduler == SimScheduler::kExt ? "_ext" : "_eevdf");
});

}  // namespace
}  // namespace quanta
