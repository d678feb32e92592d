#include "env/trace/validate.h"

#include <fmt/format.h>

#include "env/trace/format.h"

namespace quanta {
namespace {

using namespace trace_format;

bool is_name(const std::string& name) {
  return !name.empty() && name.size() <= kMaxNameLength && name.find('\0') == std::string::npos;
}

Status check_head(const Trace& trace) {
  if (trace.duration > kMaxDuration) return fail("duration: expected at most 7 days");
  if (trace.cpus < 1 || trace.cpus > kMaxCpus)
    return fail(fmt::format("cpus: expected 1 to {}, got {}", kMaxCpus, trace.cpus));
  if (trace.tasks.size() > kMaxTasks)
    return fail(fmt::format("tasks: expected at most {}, got {}", kMaxTasks, trace.tasks.size()));
  return {};
}

Status check_op(const Trace& trace, const TraceOp& op, bool last) {
  switch (op.kind) {
    case TraceOpKind::kRun:
    case TraceOpKind::kSleep:
      if (op.value > trace.duration) return fail("runs or sleeps longer than the recording");
      return {};
    case TraceOpKind::kPost:
    case TraceOpKind::kPostSync:
    case TraceOpKind::kFork:
      if (op.value >= trace.tasks.size()) return fail(fmt::format("names task {}", op.value));
      return {};
    case TraceOpKind::kWait:
    case TraceOpKind::kExec:
    case TraceOpKind::kExit:
      if (op.value != 0) return fail("has a value where none belongs");
      if (op.kind == TraceOpKind::kExit && !last) return fail("goes on after its exit");
      return {};
  }
  return fail("is of no known kind");
}

Status check_task(const Trace& trace, const TraceTask& task, std::vector<uint8_t>& forks) {
  if (task.process >= trace.tasks.size()) return fail(fmt::format("process {}", task.process));
  if (task.nice < -20 || task.nice > 19) return fail(fmt::format("nice {}", task.nice));
  if (task.start > trace.duration) return fail("starts after the recording's end");
  for (const std::string& name : task.names)
    if (!is_name(name)) return fail("a name is not of 1 to 15 bytes");
  size_t names = 1;
  for (size_t i = 0; i < task.ops.size(); ++i) {
    const TraceOp& op = task.ops[i];
    if (Status s = check_op(trace, op, i + 1 == task.ops.size()); !s)
      return fail(fmt::format("op {} {}", i, s.error().message));
    if (op.kind == TraceOpKind::kExec) ++names;
    if (op.kind == TraceOpKind::kFork && forks[op.value]++ != 0)
      return fail(fmt::format("op {} forks task {} a second time", i, op.value));
  }
  if (names != task.names.size())
    return fail(fmt::format("{} names, but {} are used", task.names.size(), names));
  return {};
}

}  // namespace

Status validate(const Trace& trace) {
  if (Status s = check_head(trace); !s) return s;
  std::vector<uint8_t> forks(trace.tasks.size(), 0);
  for (size_t i = 0; i < trace.tasks.size(); ++i)
    if (Status s = check_task(trace, trace.tasks[i], forks); !s)
      return fail(fmt::format("task {}: {}", i, s.error().message));
  for (size_t i = 0; i < trace.tasks.size(); ++i)
    if (trace.tasks[i].forked != (forks[i] == 1))
      return fail(
          fmt::format("task {}: marked as forked, but no task forks it, or the reverse", i));
  return {};
}

}  // namespace quanta
