// What `top` shows, as lines of text: the tasks in order, the machine, what is learnt. Pure.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/status/report.h"

namespace quanta {

enum class SortKey : uint8_t {
  kPid,
  kName,
  kClass,
  kPredicted,
  kBurst,
  kWait,
  kSlice,
  kReward,
  kDecisions,
  kAge,
  kKeys
};
// As the command line and the table's head name them.
extern const std::array<std::string_view, static_cast<size_t>(SortKey::kKeys)> kSortNames;
std::optional<SortKey> sort_key(std::string_view name);

struct TopOrder {
  SortKey by = SortKey::kDecisions;
  bool reversed = false;  // otherwise texts, pids and ages ascend, quantities descend
  bool exited = false;    // tasks that are gone are shown, too
  std::string filter{};   // part of a name, class or pid; empty: all
};

// Those that pass the filter, in order; of equals the one seen last goes first.
std::vector<TaskReport> arrange(const TasksReport& report, const TopOrder& order);

// The machine and what is learnt.
std::vector<std::string> header_lines(const TasksReport& report);

// The columns that a terminal of `width` has room for, from the left. Name, class, wait, slice,
// reward and the one sorted by are always among them; all are, where there is room.
std::vector<SortKey> columns(SortKey by, size_t width);
std::string table_head(const TopOrder& order, const std::vector<SortKey>& columns);
std::string task_line(const TaskReport& task, double now_ns, const std::vector<SortKey>& columns);

// All of it, for a pipe.
std::string plain_text(const TasksReport& report, const TopOrder& order);

}  // namespace quanta
