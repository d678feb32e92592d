#include "agent/status/task_table.h"

#include <algorithm>
#include <cmath>

namespace quanta {

TaskRow* TaskTable::row_of(const Record& record, const NameTable& names) {
  const std::optional<TaskName> name = names.find(record.task);
  const bool known = name && name->pid == record.pid;
  if (const auto found = by_pid_.find(record.pid); found != by_pid_.end()) {
    rows_.splice(rows_.begin(), rows_, found->second);
    TaskRow& row = *found->second;
    // The number of a task that is gone, given to another one.
    if (known && row.slot != record.task) row = TaskRow{};
    if (known) {
      row.name = *name;
      row.slot = record.task;
    }
    return &row;
  }
  if (!known) return nullptr;
  if (rows_.size() == capacity_) {
    by_pid_.erase(rows_.back().name.pid);
    rows_.splice(rows_.begin(), rows_, std::prev(rows_.end()));
    rows_.front() = TaskRow{};
  } else {
    rows_.emplace_front();
  }
  TaskRow& row = rows_.front();
  row.name = *name;
  row.slot = record.task;
  by_pid_[record.pid] = rows_.begin();
  return &row;
}

void TaskTable::take(const Record& record, const NameTable& names, const Weights& weights) {
  TaskRow* row = row_of(record, names);
  if (row == nullptr) return;
  row->last_seen = std::max(row->last_seen, record.decided + record.wait + record.run);
  if (record.kind == RecordKind::kDecision) {
    take_decision(record, *row);
    return;
  }
  Outputs heads;
  forward(weights, record.act.x, heads);
  const float residual = std::clamp(heads[kHeadBurst], -kMaxResidual, kMaxResidual);
  row->burst = record;
  row->predicted_ns = std::exp2(record.act.prior_rem + residual);
}

void TaskTable::take_decision(const Record& record, TaskRow& row) {
  rates_.add(record, config_);  // as the learner reckons
  Terms terms = credit(record, config_, rates_.late_share());
  for (size_t i = 0; i < kTerms; ++i) terms[i] *= config_.weight[i];
  double reward = rates_.price(record) * static_cast<double>(record.run);
  for (const double term : terms) reward += term;
  row.decision = record;
  row.terms = terms;
  row.reward = reward;
  row.reward_sum += reward;
  ++row.decisions;
}

}  // namespace quanta
