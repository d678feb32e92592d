#include "env/shadow/shadow_env.h"

#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <thread>
#include <utility>

#include "env/base/clocks.h"
#include "env/sim/program.h"

namespace quanta {
namespace {

constexpr size_t kBatch = 256;                // records: what is made of them stays in the cache
constexpr Nanos kPause = 100 * kMillisecond;  // the ring holds far more than that brings

std::vector<int16_t> dense_cpus(const Topology& topology) {
  std::vector<int16_t> dense(static_cast<size_t>(topology.possible), static_cast<int16_t>(kNoCpu));
  int16_t next = 0;
  for (const int cpu : topology.online) dense[static_cast<size_t>(cpu)] = next++;
  return dense;
}

}  // namespace

ShadowEnv::ShadowEnv(const ShadowConfig& config, Topology topology, std::unique_ptr<Probe> probe)
    : topology_(std::move(topology)),
      probe_(std::move(probe)),
      filter_(config),
      own_process_(static_cast<uint32_t>(::getpid())),
      observer_(
          static_cast<uint32_t>(config.max_tasks),
          [this](const quanta_task_record& task) {
            return task.process != own_process_ &&
                   filter_.fits(task.comm, task.uid, cgroups_.hash(task.cgroup));
          },
          [this](const quanta_event& event) { report(event); }),
      share_(static_cast<double>(config.decisions)),
      sequencer_(static_cast<uint32_t>(config.max_tasks), dense_cpus(topology_), cpus()),
      windows_(config.window, static_cast<uint32_t>(cpus()), !probe_->sees_sync()),
      infos_(static_cast<size_t>(config.max_tasks)) {}

Result<std::unique_ptr<ShadowEnv>> ShadowEnv::open(const ShadowConfig& config) {
  Result<Topology> topology = read_topology();
  if (!topology) return tl::unexpected(topology.error());
  Result<std::unique_ptr<Probe>> probe = Probe::open();
  if (!probe) return tl::unexpected(probe.error());
  (*probe)->time_programs();
  return std::unique_ptr<ShadowEnv>(new ShadowEnv(config, *std::move(topology), *std::move(probe)));
}

Nanos ShadowEnv::now() const {
  return monotonic_time();
}

Status ShadowEnv::begin() {
  started_ = now();  // earlier events of the ring are of tasks in another state
  const Result<std::vector<quanta_task_record>> tasks = probe_->tasks();
  if (!tasks) return tl::unexpected(tasks.error());
  for (quanta_task_record task : *tasks) {
    task.head.time = started_;
    observer_.take(task);
  }
  return {};
}

void ShadowEnv::learn_of(TaskId id) {
  const quanta_task_record& from = observer_.task(id);
  TaskInfo& info = infos_[id];
  std::memcpy(info.comm, from.comm, sizeof(info.comm));
  info.comm[sizeof(info.comm) - 1] = '\0';
  info.pid = from.head.pid;
  info.process = from.process;
  info.nice = from.head.nice;
  info.weight = nice_to_weight(info.nice);
  info.uid = from.uid;
  info.kernel_thread = (from.head.flags & QUANTA_RECORD_KERNEL_THREAD) != 0;
  info.cgroup = cgroups_.hash(from.cgroup);
}

void ShadowEnv::report(const quanta_event& event) {
  const size_t before = buffer_.size();
  sequencer_.take(event, buffer_);
  for (size_t i = before; i < buffer_.size(); ++i) {
    Event& made = buffer_[i];
    if (made.kind == EventKind::kNew || made.kind == EventKind::kExec) learn_of(made.task);
    if (made.kind == EventKind::kEnqueue && !share_.takes(made.time)) made.kind = EventKind::kWake;
  }
}

void ShadowEnv::take(const quanta_task_record& record) {
  if (record.head.time < started_) return;
  if (windows_.recording() && windows_.ends_before(record.head.time)) end_window(record.head.time);
  if (!windows_.recording() && windows_.wanted()) begin_window(record.head.time);
  if (windows_.recording()) windows_.add(record);
  observer_.take(record);
}

void ShadowEnv::begin_window(Nanos now) {
  lost_before_ = probe_->lost();
  observer_.reset_waits();
  windows_.begin(now, observer_);
}

void ShadowEnv::end_window(Nanos now) {
  if (probe_->lost() != lost_before_) return windows_.drop();
  windows_.end(now, observer_.waits(), 0, [this](uint64_t id) { return cgroups_.hash(id); });
}

size_t ShadowEnv::poll(std::span<Event> out) {
  if (next_ == buffer_.size()) {
    buffer_.clear();
    next_ = 0;
    const Nanos until = now() - Probe::kSettled;
    const auto take = [this](const quanta_task_record& record) { this->take(record); };
    while (probe_->consume(until, take, kBatch) && buffer_.empty()) {
    }
    events_.fetch_add(buffer_.size(), std::memory_order_relaxed);
    repaired_.store(sequencer_.repaired(), std::memory_order_relaxed);
    refused_.store(observer_.refused(), std::memory_order_relaxed);
  }
  const size_t n = std::min(out.size(), buffer_.size() - next_);
  std::copy_n(buffer_.begin() + static_cast<std::ptrdiff_t>(next_), n, out.begin());
  next_ += n;
  return n;
}

void ShadowEnv::wait(Nanos timeout) {
  thread_time_.store(thread_cpu(), std::memory_order_relaxed);
  std::this_thread::sleep_for(std::chrono::nanoseconds(std::min(timeout, kPause)));
}

WatchCost ShadowEnv::cost() const {
  const Probe::Cost kernel = probe_->cost();
  return {.kernel = kernel.time,
          .runs = kernel.runs,
          .thread = thread_time_.load(std::memory_order_relaxed)};
}

std::vector<EnvCounter> ShadowEnv::counters() const {
  constexpr double kNano = 1e-9;
  const WatchCost cost = this->cost();
  return {
      {"quanta_shadow_events_total", "Events taken from the kernel.",
       events_.load(std::memory_order_relaxed)},
      {"quanta_shadow_events_lost_total", "Events that the kernel could not hand over.", lost()},
      {"quanta_shadow_events_repaired_total",
       "Events filled in or left out because others were lost or late.",
       repaired_.load(std::memory_order_relaxed)},
      {"quanta_shadow_tasks_refused_total", "Tasks beyond the task table, not watched.",
       refused_.load(std::memory_order_relaxed)},
      {"quanta_shadow_bpf_runs_total", "Runs of the programs in the kernel.", cost.runs},
      {"quanta_shadow_bpf_cpu_seconds_total", "CPU time of the programs in the kernel.",
       cost.kernel, kNano},
      {"quanta_shadow_watch_cpu_seconds_total", "CPU time of the thread that watches.", cost.thread,
       kNano},
  };
}

}  // namespace quanta
