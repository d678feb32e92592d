#include "env/live/mechanism.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <fstream>
#include <string>

#include "env/live/bpf_object.h"
#include "env/live/kernel_log.h"

namespace quanta {
namespace {

std::string why(const char* step, int error) {
  const bool privilege = error == -EPERM || error == -EACCES;
  return fmt::format("live: the kernel refused to {}: {}{}{}", step, std::strerror(-error),
                     privilege ? " (needs root with CAP_SYS_ADMIN or CAP_BPF and CAP_PERFMON)" : "",
                     kernel_log_hint());
}

size_t whole_pages(size_t bytes) {
  const auto page = static_cast<size_t>(::sysconf(_SC_PAGESIZE));
  return (bytes + page - 1) / page * page;
}

uint64_t hotplug_sequence() {
  uint64_t sequence = 0;
  std::ifstream("/sys/kernel/sched_ext/hotplug_seq") >> sequence;
  return sequence;
}

uint32_t mode_of(DispatchMode mode) {
  switch (mode) {
    case DispatchMode::kKernel:
      return QUANTA_DISPATCH_KERNEL;
    case DispatchMode::kUser:
      return QUANTA_DISPATCH_USER;
    case DispatchMode::kHeuristic:
      break;
  }
  return QUANTA_DISPATCH_HEURISTIC;
}

uint32_t share_of(double share) {
  return static_cast<uint32_t>(std::lround(share * 65536));
}

constexpr double kLeastFloor = 1e-5;  // of the promised share, in the kernel's integers

constexpr uint64_t kSwitchPartial = 8;  // SCX_OPS_SWITCH_PARTIAL
// Else the kernel puts an exiting task behind whoever runs on its CPU, for as long as that takes.
constexpr uint64_t kEnqueueExiting = 4;  // SCX_OPS_ENQ_EXITING

}  // namespace

bpf_map* Mechanism::find(const char* name) const {
  return bpf_object__find_map_by_name(object_, name);
}

Status Mechanism::configure(const LiveConfig& config, const Topology& topology) {
  size_t size = 0;
  auto* params = static_cast<quanta_params*>(bpf_map__initial_value(find(".rodata.params"), &size));
  if (params == nullptr || size != sizeof(quanta_params) ||
      params->abi_version != QUANTA_ABI_VERSION) {
    return fail("live: the kernel half is of another build: build again");
  }
  *params = {.abi_version = QUANTA_ABI_VERSION,
             .mode = mode_of(config.dispatch),
             .cpus = topology.possible,
             .domains = topology.domains,
             .default_slice = config.default_slice,
             .tick = kMillisecond,
             .min_slice = config.min_slice,
             .wake_interval = config.wake_interval,
             .agent_timeout = config.agent_timeout,
             .undecided_timeout = config.undecided_timeout,
             .heartbeat = config.heartbeat,
             .switch_cost = config.policy.switch_cost,
             .slice = config.policy.slice,
             .slice_min = config.policy.slice_min,
             .slice_max = config.policy.slice_max,
             .online = static_cast<uint32_t>(topology.online.size()),
             .patience = static_cast<uint32_t>(std::lround(config.policy.patience)),
             .inverse_floor = static_cast<uint32_t>(
                 std::lround(1024 / std::max(config.policy.floor_share, kLeastFloor))),
             .explore_share = share_of(config.policy.explore_share),
             .record_share = share_of(config.record_share),
             .latency_worth = share_of(config.policy.latency_worth),
             .explore_order = config.policy.explore_order,
             .inverse_online = static_cast<uint32_t>(65536 / topology.online.size()),
             .latency_target = config.policy.latency_target};
  if (Status s = describe_policy(config.policy); !s) return s;
  const auto tasks = static_cast<uint32_t>(config.max_tasks);
  const auto cpus = static_cast<uint32_t>(topology.possible);
  for (const auto& [name, entries] :
       {std::pair("tasks", tasks), {"decisions", tasks}, {"free_slots", tasks}, {"cpus", cpus}}) {
    if (const int error = bpf_map__set_max_entries(find(name), entries); error != 0) {
      return fail(why("size its tables", error));
    }
  }
  struct OpsTail {  // the end of struct sched_ext_ops as the kernel half declares it
    uint32_t dispatch_max_batch;
    uint64_t flags;
    uint32_t timeout_ms;
    uint32_t exit_dump_len;
    uint64_t hotplug_seq;
    char name[128];
  };
  char* ops = static_cast<char*>(bpf_map__initial_value(find("quanta"), &size));
  if (ops == nullptr || size < sizeof(OpsTail)) {
    return fail("live: the kernel half is of another build: build again");
  }
  auto* tail = reinterpret_cast<OpsTail*>(ops + size - sizeof(OpsTail));
  tail->flags = kEnqueueExiting | (config.partial ? kSwitchPartial : 0);
  tail->timeout_ms = static_cast<uint32_t>(config.watchdog / kMillisecond);
  tail->exit_dump_len = static_cast<uint32_t>(config.exit_dump_len);
  tail->hotplug_seq = hotplug_sequence();
  return {};
}

Status Mechanism::describe_policy(const KernelPolicyConfig& policy) {
  size_t size = 0;
  void* quantiles = bpf_map__initial_value(find(".rodata.quantiles"), &size);
  const size_t wanted = policy.normal_quantiles.size_bytes();
  if (wanted == 0) return {};
  if (quantiles == nullptr || size != wanted) {
    return fail("live: the kernel half is of another build: build again");
  }
  std::memcpy(quantiles, policy.normal_quantiles.data(), wanted);
  return {};
}

template <class T>
Result<std::span<T>> Mechanism::mapped(const char* name, size_t entries) {
  static_assert(sizeof(T) % 8 == 0);
  const size_t bytes = whole_pages(entries * sizeof(T));
  void* at = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE,
                    bpf_map__fd(find(name)), 0);
  if (at == MAP_FAILED) return fail(why("map its tables", -errno));
  mappings_.emplace_back(at, bytes);
  return std::span<T>(static_cast<T*>(at), entries);
}

Status Mechanism::map_tables(const LiveConfig& config, const Topology& topology) {
  const auto slots = static_cast<size_t>(config.max_tasks);
  const auto tasks = mapped<quanta_task>("tasks", slots);
  if (!tasks) return tl::unexpected(tasks.error());
  const auto decisions = mapped<quanta_decision>("decisions", slots);
  if (!decisions) return tl::unexpected(decisions.error());
  const auto cpus = mapped<quanta_cpu>("cpus", static_cast<size_t>(topology.possible));
  if (!cpus) return tl::unexpected(cpus.error());
  const auto shared = mapped<quanta_shared>(".data.shared", 1);
  if (!shared) return tl::unexpected(shared.error());
  const auto networks = mapped<quanta_network>("networks", 2);
  if (!networks) return tl::unexpected(networks.error());
  shared_ = shared->data();
  networks_ = *networks;
  for (quanta_network& network : networks_) network.is_prior = 1;
  tasks_ = *tasks;
  decisions_ = *decisions;
  cpus_ = *cpus;
  for (size_t cpu = 0; cpu < cpus_.size(); ++cpu) {
    cpus_[cpu].reported = QUANTA_NO_SLOT;
    cpus_[cpu].run_started = 1;  // nothing has been sent there
    cpus_[cpu].domain = topology.domain[cpu];
  }
  const int free_slots = bpf_map__fd(find("free_slots"));
  for (uint32_t slot = 0; slot < slots; ++slot) {
    tasks_[slot].reported_cpu = QUANTA_NO_CPU;
    if (bpf_map_update_elem(free_slots, nullptr, &slot, BPF_ANY) != 0) {
      return fail(why("fill its tables", -errno));
    }
  }
  return {};
}

Result<std::unique_ptr<Mechanism>> Mechanism::open(const LiveConfig& config,
                                                   const Topology& topology) {
  collect_kernel_log();
  std::unique_ptr<Mechanism> m(new Mechanism());
  LIBBPF_OPTS(bpf_object_open_opts, options, .object_name = "quanta");
  m->object_ = bpf_object__open_mem(
      quanta_bpf_object, static_cast<size_t>(quanta_bpf_object_end - quanta_bpf_object), &options);
  if (m->object_ == nullptr) return fail(why("open the BPF programs", -errno));
  if (Status s = m->configure(config, topology); !s) return tl::unexpected(s.error());
  if (const int error = bpf_object__load(m->object_); error != 0) {
    return fail(why("load the BPF programs", error));
  }
  if (Status s = m->map_tables(config, topology); !s) return tl::unexpected(s.error());
  m->ring_ = ring_buffer__new(
      bpf_map__fd(m->find("events")),
      [](void* self, void* data, size_t size) {
        auto* mechanism = static_cast<Mechanism*>(self);
        const bool more = mechanism->take_(
            mechanism->context_, *static_cast<const quanta_event*>(data),
            size < sizeof(quanta_judgement) ? nullptr : static_cast<const quanta_judgement*>(data));
        return more ? 0 : -1;
      },
      m.get(), nullptr);
  if (m->ring_ == nullptr) return fail(why("read its events", -errno));
  m->apply_fd_ = bpf_program__fd(bpf_object__find_program_by_name(m->object_, "apply"));
  return m;
}

Status Mechanism::introduce_hot_thread() {
  LIBBPF_OPTS(bpf_test_run_opts, options);
  const int program = bpf_program__fd(bpf_object__find_program_by_name(object_, "introduce"));
  if (const int error = bpf_prog_test_run_opts(program, &options); error != 0) {
    return fail(why("run the BPF programs", error));
  }
  return {};
}

Status Mechanism::attach() {
  for (const char* name : {"quanta_rename", "quanta_exec"}) {
    bpf_link* link = bpf_program__attach(bpf_object__find_program_by_name(object_, name));
    if (link == nullptr) return fail(why("trace names", -errno));
    tracing_.push_back(link);
  }
  link_ = bpf_map__attach_struct_ops(find("quanta"));
  if (link_ != nullptr) return {};
  const int error = -errno;
  if (error == -EBUSY) {
    std::string ops;
    std::ifstream("/sys/kernel/sched_ext/root/ops") >> ops;
    return fail(fmt::format("live: another scheduler is loaded{}: stop it first",
                            ops.empty() ? "" : fmt::format(" ('{}')", ops)));
  }
  return fail(why("attach the scheduler", error));
}

void Mechanism::detach() {
  bpf_link__destroy(link_);
  link_ = nullptr;
  for (bpf_link* link : tracing_) bpf_link__destroy(link);
  tracing_.clear();
}

Mechanism::~Mechanism() {
  if (object_ == nullptr) return;
  detach();
  ring_buffer__free(ring_);
  for (const auto& [at, bytes] : mappings_) ::munmap(at, bytes);
  bpf_object__close(object_);
}

void Mechanism::take(TakeEvent with, void* context) {
  take_ = with;
  context_ = context;
  ring_buffer__consume(ring_);
}

bool Mechanism::has_events() const {
  return ring__avail_data_size(ring_buffer__ring(ring_, 0)) > 0;
}

void Mechanism::wait(Nanos timeout) {
  epoll_event event{};
  ::epoll_wait(ring_buffer__epoll_fd(ring_), &event, 1, static_cast<int>(timeout / kMillisecond));
}

void Mechanism::apply() {
  LIBBPF_OPTS(bpf_test_run_opts, options);
  bpf_prog_test_run_opts(apply_fd_, &options);
}

uint64_t Mechanism::counter(quanta_counter counter) const {
  uint64_t sum = 0;
  for (const quanta_cpu& cpu : cpus_) {
    sum += __atomic_load_n(&cpu.counters[counter], __ATOMIC_RELAXED);
  }
  return sum;
}

}  // namespace quanta
