#include "env/sim/trace_load.h"

#include <fmt/format.h>
#include <algorithm>
#include <map>
#include <vector>

#include "env/sim/agenda_entry.h"
#include "env/trace/validate.h"

namespace quanta {
namespace {

constexpr size_t kMaxTasks = 1U << 16;
static_assert(kMaxTasks <= AgendaEntry::kMostIds);
constexpr size_t kMaxOps = 8'000'000;
constexpr size_t kMinActivations = 4;
constexpr Nanos kShortBurst = 2 * kMillisecond;
constexpr Nanos kCacheRefill = 20 * kMicrosecond;  // a recording does not tell
enum Group : uint32_t { kInteractive, kBatch };

Group group_of(const TraceTask& task) {
  std::vector<Nanos> bursts;
  Nanos burst = 0;
  for (const TraceOp& op : task.ops) {
    if (op.kind == TraceOpKind::kRun) burst += op.value;
    if (op.kind != TraceOpKind::kSleep && op.kind != TraceOpKind::kWait) continue;
    if (burst > 0) bursts.push_back(burst);
    burst = 0;
  }
  if (bursts.size() < kMinActivations) return kBatch;
  const auto middle = bursts.begin() + static_cast<std::ptrdiff_t>(bursts.size() / 2);
  std::nth_element(bursts.begin(), middle, bursts.end());
  return *middle <= kShortBurst ? kInteractive : kBatch;
}

class Names {
 public:
  explicit Names(std::vector<std::string>& all) : all_(all) {}
  uint32_t operator()(const std::string& name) {
    const auto [at, is_new] = index_.emplace(name, static_cast<uint32_t>(all_.size()));
    if (is_new) all_.push_back(name);
    return at->second;
  }

 private:
  std::vector<std::string>& all_;
  std::map<std::string, uint32_t> index_;
};

std::vector<Op> program_of(const TraceTask& task, Names& names) {
  std::vector<Op> ops;
  ops.reserve(task.ops.size() + 2);
  const auto add = [&](OpKind kind, uint64_t arg = 0) {
    ops.push_back({kind, static_cast<uint32_t>(arg), 0, {}});
  };
  const auto add_time = [&](OpKind kind, Nanos time) {
    ops.push_back({kind, 0, 0, {.kind = Dist::kConstant, .a = static_cast<float>(time)}});
  };
  size_t next_name = 1;
  for (const TraceOp& op : task.ops) {
    switch (op.kind) {
      case TraceOpKind::kRun:
        add_time(OpKind::kRun, op.value);
        break;
      case TraceOpKind::kSleep:
        add(OpKind::kDone);
        add_time(OpKind::kSleep, op.value);
        break;
      case TraceOpKind::kWait:
        add(OpKind::kDone);
        add(OpKind::kWaitOwn);
        break;
      case TraceOpKind::kPost:
        add(OpKind::kPostTask, op.value);
        break;
      case TraceOpKind::kPostSync:
        add(OpKind::kPostTaskSync, op.value);
        break;
      case TraceOpKind::kFork:
        add(OpKind::kForkTask, op.value);
        break;
      case TraceOpKind::kExec:
        add(OpKind::kExec, names(task.names[next_name++]));
        break;
      case TraceOpKind::kExit:
        add(OpKind::kExit);
        return ops;
    }
  }
  // What came after the recording is not known: the task sleeps until the load starts anew.
  const size_t rest = ops.size();
  add(OpKind::kWaitOwn);
  add(OpKind::kJump, rest);
  return ops;
}

Program program_of(const TraceTask& task, const std::string& name, Names& names) {
  return {.ops = program_of(task, names),
          .group = group_of(task),
          .name = names(name),
          .weight = nice_to_weight(task.nice),
          .nice = task.nice,
          .uid = task.uid,
          .cgroup = task.cgroup,
          .kernel_thread = task.kernel_thread,
          .cache_refill = kCacheRefill};
}

}  // namespace

Result<Load> trace_load(const Trace& trace, const std::string& name) {
  if (const Status valid = validate(trace); !valid) return tl::unexpected(valid.error());
  size_t ops = 0;
  for (const TraceTask& task : trace.tasks) ops += task.ops.size();
  if (trace.tasks.empty() || trace.tasks.size() > kMaxTasks || ops > kMaxOps) {
    return fail(fmt::format("{}: expected 1 to {} tasks and at most {} operations, got {} and {}",
                            name, kMaxTasks, kMaxOps, trace.tasks.size(), ops));
  }
  Load load;
  load.name = name;
  load.groups = {{.name = "interactive"}, {.name = "batch", .batch = true}};
  load.repeat = std::max<Nanos>(trace.duration + trace.duration / 4, kMillisecond);
  load.max_tasks = static_cast<uint32_t>(trace.tasks.size());
  Names names(load.names);
  for (const TraceTask& task : trace.tasks) {
    load.tasks.push_back({.program = static_cast<uint32_t>(load.programs.size()),
                          .process = task.process,
                          .start = task.start,
                          .forked = task.forked});
    load.programs.push_back(program_of(task, task.names.front(), names));
  }
  return load;
}

}  // namespace quanta
