#include "env/live/live_env.h"

#include <linux/membarrier.h>
#include <sched.h>
#include <spdlog/spdlog.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

#include "env/base/clocks.h"
#include "env/live/ending.h"
#include "env/live/preflight.h"

namespace quanta {
namespace {

std::vector<int16_t> dense_cpus(const Topology& topology) {
  std::vector<int16_t> dense(static_cast<size_t>(topology.possible), static_cast<int16_t>(kNoCpu));
  int16_t next = 0;
  for (const int cpu : topology.online) dense[static_cast<size_t>(cpu)] = next++;
  return dense;
}

constexpr Nanos kWatchInterval = 10 * kMillisecond;
constexpr Nanos kIdleInterval = 20 * kMillisecond;  // likewise, while nothing is reported
constexpr int kMostFruitless = 100;                 // looks at an event that is not complete
constexpr std::chrono::microseconds kUnfinished{50};

bool become_real_time() {
  sched_param parameters{};
  parameters.sched_priority = ::sched_get_priority_min(SCHED_FIFO);
  return ::sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &parameters) == 0;
}

}  // namespace

LiveEnv::LiveEnv(const LiveConfig& config, Topology topology, std::unique_ptr<Mechanism> mechanism)
    : config_(config),
      topology_(std::move(topology)),
      mechanism_(std::move(mechanism)),
      sequencer_(static_cast<uint32_t>(config.max_tasks), dense_cpus(topology_), cpus()),
      infos_(static_cast<size_t>(config.max_tasks)) {
  buffer_.reserve(kBuffer);
  judgements_.reserve(kBuffer);
}

Result<std::unique_ptr<LiveEnv>> LiveEnv::open(const LiveConfig& config) {
  if (Status s = check_can_schedule(); !s) return tl::unexpected(s.error());
  Result<Topology> topology = read_topology();
  if (!topology) return tl::unexpected(topology.error());
  Result<std::unique_ptr<Mechanism>> mechanism = Mechanism::open(config, *topology);
  if (!mechanism) return tl::unexpected(mechanism.error());
  return std::unique_ptr<LiveEnv>(new LiveEnv(config, *std::move(topology), *std::move(mechanism)));
}

Nanos LiveEnv::now() const {
  return monotonic_time();
}

Status LiveEnv::begin() {
  if (Status s = compaction_.take(); !s) {
    spdlog::warn("live: compaction of locked memory stays on ({}): page faults may delay decisions",
                 s.error().message);
  }
  if (Status s = mechanism_->introduce_hot_thread(); !s) return s;
  if (config_.dispatch != DispatchMode::kKernel && !become_real_time()) {
    spdlog::warn("live: the deciding thread cannot be real-time ({}): decisions take longer",
                 std::strerror(errno));
  }
  return mechanism_->attach();
}

void LiveEnv::learn_of(TaskId id) {
  const quanta_task& from = mechanism_->tasks()[id];
  TaskInfo& info = infos_[id];
  std::memcpy(info.comm, from.comm, sizeof(info.comm));
  info.comm[sizeof(info.comm) - 1] = '\0';
  info.pid = from.pid;
  info.process = from.process;
  info.weight = std::max(1U, from.weight);
  info.nice = from.nice;
  info.uid = from.uid;
  info.kernel_thread = from.kernel_thread != 0;
  info.cgroup = cgroups_.hash(from.cgroup);
}

bool LiveEnv::take(void* self, const quanta_event& event, const quanta_judgement* judgement) {
  auto& env = *static_cast<LiveEnv*>(self);
  const size_t before = env.buffer_.size();
  env.sequencer_.take(event, env.buffer_);
  if (judgement != nullptr && env.buffer_.size() > before) {
    env.judgements_.push_back(*judgement);
    env.buffer_.back().work = env.judgements_.size();
  }
  for (size_t i = before; i < env.buffer_.size(); ++i) {
    const Event& out = env.buffer_[i];
    if (out.kind == EventKind::kNew || out.kind == EventKind::kExec) env.learn_of(out.task);
  }
  return env.buffer_.size() + Sequencer::kMostPerEvent <= kBuffer;
}

size_t LiveEnv::poll(std::span<Event> out) {
  if (next_ == buffer_.size()) {
    buffer_.clear();
    judgements_.clear();
    next_ = 0;
    std::atomic_ref(mechanism_->shared().agent_seen).store(now(), std::memory_order_relaxed);
    if (missed_ && catch_up()) return poll(out);
    // Before the ring is read: what is asked from now on counts anew.
    std::atomic_ref(mechanism_->shared().asked_at).store(0, std::memory_order_seq_cst);
    mechanism_->take(take, this);
    if (!buffer_.empty()) fruitless_ = 0;
  }
  const size_t n = std::min(out.size(), buffer_.size() - next_);
  std::copy_n(buffer_.begin() + static_cast<std::ptrdiff_t>(next_), n, out.begin());
  next_ += n;
  return n;
}

bool LiveEnv::catch_up() {
  const auto room = [this] { return buffer_.size() + Sequencer::kMostPerEvent <= kBuffer; };
  if (to_forget_ == 0) {  // what is left of the time before
    mechanism_->take([](void*, const quanta_event&, const quanta_judgement*) { return true; },
                     nullptr);
  }
  for (; to_forget_ < max_tasks() && room(); ++to_forget_) {
    sequencer_.forget(to_forget_, buffer_);
  }
  const Nanos time = now();
  for (; to_forget_ == max_tasks() && to_recall_ < max_tasks() && room(); ++to_recall_) {
    const quanta_task& task = mechanism_->tasks()[to_recall_];
    if (task.pid == 0) continue;
    const size_t before = buffer_.size();
    sequencer_.recall(time, to_recall_, task, buffer_);
    if (buffer_.size() > before) learn_of(to_recall_);
  }
  missed_ = to_recall_ < max_tasks() || !buffer_.empty();
  return !buffer_.empty();
}

const TaskFacts* LiveEnv::facts(TaskId id) const {
  if (!missed_) return nullptr;
  const quanta_task& t = mechanism_->tasks()[id];
  facts_ = {.slept_at = t.slept_at,
            .exec = t.exec - t.slept_base,
            .burst = t.burst,
            .last_burst = t.last_burst,
            .sleep = t.sleep,
            .last_sleep = t.last_sleep,
            .wait = t.wait,
            .floor = t.floor,
            .sync_share = t.sync_share,
            .involuntary_share = t.involuntary_share};
  return &facts_;
}

void LiveEnv::dispatch(std::span<const Decision> decisions) {
  if (config_.dispatch == DispatchMode::kKernel) return;
  for (const Decision& decision : decisions) {
    quanta_decision& to = mechanism_->decisions()[decision.task];
    to.key = decision.key;
    to.guard = decision.guard;
    to.slice = decision.slice;
    to.preempt_cpu =
        decision.preempt_cpu == kNoCpu
            ? static_cast<int16_t>(QUANTA_NO_CPU)
            : static_cast<int16_t>(topology_.online[static_cast<size_t>(decision.preempt_cpu)]);
    // Release: pairs with the barrier at which the kernel half reads the generation.
    std::atomic_ref(to.generation).store(decision.generation, std::memory_order_release);
  }
  std::atomic_ref(decided_).store(decided_ + decisions.size(), std::memory_order_relaxed);
  mechanism_->apply();
  // An event goes out a moment before its task is in its queue.
  if (mechanism_->shared().applied < decisions.size()) {
    std::atomic_ref(mechanism_->shared().unplaced).store(1, std::memory_order_relaxed);
  }
}

void LiveEnv::wait(Nanos timeout) {
  if (config_.dispatch == DispatchMode::kKernel) {  // nobody wakes us but the end
    mechanism_->wait(std::min(timeout, observes_ ? kWatchInterval : kIdleInterval));
    return;
  }
  auto& asleep = mechanism_->shared().agent_asleep;
  // Either the look into the ring sees an event, or the kernel half, which reads this after it has
  // put one there, sees that it must wake us. An exchange, so that the look (a load-acquire) cannot
  // go ahead of it; thread sanitizers do not know fences.
  std::atomic_ref(asleep).exchange(1, std::memory_order_seq_cst);
  if (!finished()) {
    if (!mechanism_->has_events()) {
      fruitless_ = 0;
      mechanism_->wait(timeout);
    } else if (++fruitless_ > kMostFruitless) {
      // An event that somebody has begun to write: who spins here may be what keeps them from it.
      std::this_thread::sleep_for(kUnfinished);
    }
  }
  std::atomic_ref(asleep).store(0, std::memory_order_relaxed);
}

void LiveEnv::publish(const quanta_network& network) {
  auto& current = mechanism_->shared().network;
  const uint32_t spare = 1 - std::atomic_ref(current).load(std::memory_order_relaxed);
  // An RCU grace period: no program that has read this index before the last change still runs.
  ::syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0);
  mechanism_->networks()[spare] = network;
  // Release: who reads the index finds these weights whole.
  std::atomic_ref(current).store(spare, std::memory_order_release);
}

void LiveEnv::act_with(const quanta_conduct& conduct) {
  if (conduct.observe != 0 && !observes_) {
    missed_ = true;
    to_forget_ = to_recall_ = 0;
  }
  observes_ = conduct.observe != 0;
  std::atomic_ref(mechanism_->shared().conduct)
      .store(std::bit_cast<uint64_t>(conduct), std::memory_order_relaxed);
}

void LiveEnv::weigh(TaskId task, float weight) {
  std::atomic_ref(mechanism_->tasks()[task].class_weight)
      .store(static_cast<uint32_t>(weight * 65536.0F), std::memory_order_relaxed);
}

const quanta_judgement* LiveEnv::judgement(const Event& event) const {
  return event.work == 0 ? nullptr : &judgements_[event.work - 1];
}

bool LiveEnv::finished() const {
  return std::atomic_ref(mechanism_->shared().exit_kind).load(std::memory_order_acquire) != 0;
}

Ending LiveEnv::ending() const {
  return finished() ? describe_ending(mechanism_->shared()) : Ending{};
}

uint64_t LiveEnv::stale_decisions() const {
  const uint64_t decided =
      std::atomic_ref(const_cast<uint64_t&>(decided_)).load(std::memory_order_relaxed);
  const uint64_t placed = mechanism_->counter(QUANTA_COUNT_PLACED);
  return decided > placed ? decided - placed : 0;
}

std::vector<EnvCounter> LiveEnv::counters() const {
  const auto count = [&](const char* name, const char* help, quanta_counter counter) {
    return EnvCounter{name, help, mechanism_->counter(counter)};
  };
  return {
      count("quanta_live_events_lost_total", "Events that found the ring to the agent full.",
            QUANTA_COUNT_EVENTS_LOST),
      {"quanta_live_events_repaired_total",
       "Events filled in or left out because others were lost.", sequencer_.repaired()},
      count("quanta_live_undecided_total", "Tasks that ran before their decision came.",
            QUANTA_COUNT_UNDECIDED),
      count("quanta_live_overdue_total",
            "Waiting tasks moved up because their guard time had passed.", QUANTA_COUNT_OVERDUE),
      count("quanta_live_agent_late_total",
            "Enqueues that found the agent silent; the heuristic stood in.",
            QUANTA_COUNT_AGENT_LATE),
      count("quanta_live_judged_total", "Decisions made in the kernel.", QUANTA_COUNT_JUDGED),
      count("quanta_live_explored_total", "Decisions made in the kernel with exploration noise.",
            QUANTA_COUNT_EXPLORED),
      count("quanta_live_records_thinned_total",
            "Decisions in the kernel left unrecorded because the ring was half full.",
            QUANTA_COUNT_THINNED),
      count("quanta_live_affinity_refused_total", "Preemptions of a CPU that the task may not use.",
            QUANTA_COUNT_AFFINITY),
      count("quanta_live_preemptions_late_total",
            "Preemptions left out: somebody else ran there by then.", QUANTA_COUNT_PREEMPT_LATE),
      count("quanta_live_tasks_refused_total", "Tasks beyond the task table, scheduled undecided.",
            QUANTA_COUNT_NO_SLOT),
      count("quanta_live_slices_ended_total", "Slices ended before the kernel's tick would have.",
            QUANTA_COUNT_SLICE_KICKS),
      count("quanta_live_agent_wakeups_total", "Times that the agent was woken.",
            QUANTA_COUNT_AGENT_WAKES),
      count("quanta_live_rescues_total", "Waiting tasks given to a CPU that had just gone idle.",
            QUANTA_COUNT_RESCUES),
  };
}

}  // namespace quanta
