// What a running agent shows of its tasks, its learning and its policy: three pages beside
// /metrics.
//
// Names and pids of processes stand here and nowhere else. Fed by the thread that runs the cold
// side, with the records that the learner gets anyway; pages() are for any thread.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "agent/metrics/exposer.h"
#include "agent/run/agent.h"
#include "agent/run/figures.h"
#include "agent/status/report.h"
#include "agent/status/task_table.h"

namespace quanta {

class StatusService {
 public:
  // From now on `agent`, which outlives this, tells of its records. `learning`: where the gate is
  // at work, which need not be where this agent is (a twin).
  StatusService(Agent& agent, const Meter& learning);
  ~StatusService();
  StatusService(const StatusService&) = delete;
  StatusService& operator=(const StatusService&) = delete;

  // To be called often, between two steps of the cold side.
  void tick();

  // Any thread.
  TasksReport tasks() const;
  DecisionsReport decisions() const;
  PolicyReport policy() const;

  // Refer to this.
  std::vector<Page> pages() const;

 private:
  void take(const Record& record);
  MachineReport machine() const;
  LearningReport learning() const;
  TaskReport report(const TaskRow& row) const;
  DecisionReport report_decision(const TaskRow& row) const;
  bool kernel_decides() const;

  Agent& agent_;
  const Meter& learning_;
  mutable std::mutex mutex_;  // for all below
  TaskTable table_;
  Weights weights_;
  UpdateReport update_;
  uint64_t updates_;
  Moment last_;
  Figures figures_;
  Terms terms_{};  // rates, as figures_
};

}  // namespace quanta
