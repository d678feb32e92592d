#include "env/trace/summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

namespace quanta {
namespace {

struct Row {
  Nanos cpu = 0;
  uint64_t tasks = 0;
  uint64_t runs = 0;
  uint64_t sleeps = 0;
  uint64_t waits = 0;
  uint64_t posts = 0;
  uint64_t sync = 0;

  void add(const Row& other) {
    cpu += other.cpu;
    tasks += other.tasks;
    runs += other.runs;
    sleeps += other.sleeps;
    waits += other.waits;
    posts += other.posts;
    sync += other.sync;
  }
};

void count(const TraceOp& op, Row& row) {
  if (op.kind == TraceOpKind::kRun) {
    ++row.runs;
    row.cpu += op.value;
  }
  if (op.kind == TraceOpKind::kSleep) ++row.sleeps;
  if (op.kind == TraceOpKind::kWait) ++row.waits;
  if (op.kind == TraceOpKind::kPost || op.kind == TraceOpKind::kPostSync) ++row.posts;
  if (op.kind == TraceOpKind::kPostSync) ++row.sync;
}

// Each name has what was done under it; a task counts under every name it had.
std::map<std::string, Row> by_name(const Trace& trace) {
  std::map<std::string, Row> rows;
  for (const TraceTask& task : trace.tasks) {
    size_t name = 0;
    rows[task.names[name]].tasks++;
    for (const TraceOp& op : task.ops) {
      if (op.kind == TraceOpKind::kExec) rows[task.names[++name]].tasks++;
      count(op, rows[task.names[name]]);
    }
  }
  return rows;
}

std::string line(const std::string& name, const Row& row) {
  return fmt::format("{:<16} {:>6} {:>10.1f} {:>8} {:>8} {:>8} {:>8} {:>8}\n", name, row.tasks,
                     static_cast<double>(row.cpu) / 1e6, row.runs, row.sleeps, row.waits, row.posts,
                     row.sync);
}

}  // namespace

std::string summarise(const Trace& trace, size_t most_names) {
  const std::map<std::string, Row> rows = by_name(trace);
  std::vector<std::pair<std::string, Row>> order(rows.begin(), rows.end());
  std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
    return std::tie(b.second.cpu, a.first) < std::tie(a.second.cpu, b.first);
  });
  Row total;
  for (const auto& [name, row] : order) total.add(row);
  const double seconds = static_cast<double>(trace.duration) / 1e9;
  std::string out = fmt::format(
      "{:.1f} s, {} CPUs, {} tasks, {:.0f}% of the CPUs' time used, {} events lost{}\n", seconds,
      trace.cpus, trace.tasks.size(),
      trace.duration == 0 ? 0.0 : static_cast<double>(total.cpu) / 1e7 / seconds / trace.cpus,
      trace.lost_events, trace.anonymised ? ", anonymised" : "");
  out += fmt::format("{:<16} {:>6} {:>10} {:>8} {:>8} {:>8} {:>8} {:>8}\n", "name", "tasks",
                     "CPU ms", "runs", "sleeps", "waits", "posts", "sync");
  for (size_t i = 0; i < std::min(order.size(), most_names); ++i)
    out += line(order[i].first, order[i].second);
  total.tasks = trace.tasks.size();
  return out + line("all", total);
}

}  // namespace quanta
