#include "env/trace/record.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <thread>

#include "env/base/clocks.h"
#include "env/trace/anonymise.h"
#include "env/trace/builder.h"
#include "env/trace/cgroups.h"
#include "env/trace/probe.h"
#include "env/trace/writer.h"

namespace quanta {
namespace {

constexpr auto kPause = std::chrono::milliseconds(20);  // the ring holds far more than that brings
constexpr Nanos kProgressEvery = 500 * kMillisecond;

// Said before the recording rather than after it.
Status check_writable(const std::string& file) {
  const std::filesystem::path directory = std::filesystem::path(file).parent_path();
  if (::access(directory.empty() ? "." : directory.c_str(), W_OK) == 0) return {};
  return fail(fmt::format("{}: cannot be written: {}", file, std::strerror(errno)));
}

// Known before the first event is read from the ring, so that no event is of an unknown task.
Status announce_tasks(const Probe& probe, Nanos start, TraceBuilder& builder) {
  const Result<std::vector<quanta_task_record>> tasks = probe.tasks();
  if (!tasks) return tl::unexpected(tasks.error());
  for (quanta_task_record task : *tasks) {
    task.head.time = start;
    builder.add(task);
  }
  return {};
}

// Why the recording ends now, or empty.
std::string_view end_reason(const RecordOptions& options, const TraceBuilder& builder,
                            Nanos elapsed) {
  if (options.stop != nullptr && options.stop->load(std::memory_order_relaxed)) return "stopped";
  if (elapsed >= options.duration) return "duration";
  if (builder.bytes() >= options.max_bytes) return "size limit";
  if (builder.full()) return "the format's limit";
  return {};
}

}  // namespace

Result<RecordReport> record(const RecordOptions& options) {
  if (Status s = check_writable(options.output); !s) return tl::unexpected(s.error());
  Result<std::unique_ptr<Probe>> opened = Probe::open();
  if (!opened) return tl::unexpected(opened.error());
  Probe& probe = **opened;
  const Nanos start = monotonic_time();  // the records' clock (bpf_ktime_get_ns); earlier events of
                                         // the ring count as of this moment

  TraceBuilder builder({.start = start,
                        .cpus = static_cast<uint32_t>(::sysconf(_SC_NPROCESSORS_ONLN)),
                        .tree = options.tree,
                        .exclude = static_cast<uint32_t>(::getpid()),
                        .infer_sync = !probe.sees_sync()});
  CgroupPaths cgroups;
  cgroups.scan();
  if (Status s = announce_tasks(probe, start, builder); !s) return tl::unexpected(s.error());

  const auto build = [&](const quanta_task_record& r) { builder.add(r); };
  RecordReport report;
  Nanos next_progress = 0;
  while (report.ended.empty()) {
    std::this_thread::sleep_for(kPause);
    probe.consume(monotonic_time() - Probe::kSettled, build);
    const Nanos elapsed = monotonic_time() - start;
    report.ended = end_reason(options, builder, elapsed);
    if (options.progress && elapsed >= next_progress) {
      options.progress(
          {elapsed, builder.events(), builder.tasks(), probe.lost() + builder.unseen()});
      next_progress = elapsed + kProgressEvery;
    }
  }
  const Nanos end = monotonic_time();
  probe.consume(end, build);
  report.unseen = builder.unseen();
  report.lost = probe.lost() + report.unseen;
  report.sync_seen = probe.sees_sync();
  report.interrupts_seen = probe.sees_interrupts();
  opened->reset();
  report.events = builder.events();

  cgroups.scan();
  Trace trace = builder.finish(end, report.lost);
  for (TraceTask& task : trace.tasks) task.cgroup = cgroups.hash(task.cgroup);
  if (options.anonymise) anonymise(trace);
  report.tasks = trace.tasks.size();
  report.duration = trace.duration;
  const Result<uint64_t> bytes = write_trace(trace, options.output);
  if (!bytes) return tl::unexpected(bytes.error());
  report.bytes = *bytes;
  return report;
}

}  // namespace quanta
