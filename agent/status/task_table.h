// The tasks that records were seen of lately, with what the last ones say. Cold path; one thread.
//
// Bounded: the task that has been silent for longest makes room for a new one.
#pragma once

#include <list>
#include <string>
#include <unordered_map>

#include "agent/hot/name_table.h"
#include "agent/hot/record.h"
#include "agent/reward/credit.h"

namespace quanta {

struct TaskRow {
  TaskName name;
  TaskId slot = kNoTask;
  Nanos last_seen = 0;
  uint64_t decisions = 0;
  Record decision{};  // the last of kind kDecision, if there were any
  double reward = 0;  // of it
  Terms terms{};      // likewise, weights applied
  double reward_sum = 0;
  Record burst{};           // the last of kind kBurst
  double predicted_ns = 0;  // of it, by the network; 0: there was none
};

class TaskTable {
 public:
  // `config` outlives the table.
  TaskTable(const RewardConfig& config, size_t capacity) : config_(config), capacity_(capacity) {}

  // `names` as the record's thread keeps them, `weights` those that decide by now. A record of a
  // task that is gone and was never seen here says nothing to anybody and is left out.
  void take(const Record& record, const NameTable& names, const Weights& weights);

  const std::list<TaskRow>& rows() const { return rows_; }  // most recently seen first

 private:
  TaskRow* row_of(const Record& record, const NameTable& names);
  void take_decision(const Record& record, TaskRow& row);

  const RewardConfig& config_;
  size_t capacity_;
  std::list<TaskRow> rows_;
  std::unordered_map<uint32_t, std::list<TaskRow>::iterator> by_pid_;
  GoingRates rates_;
};

}  // namespace quanta
