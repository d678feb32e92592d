#include "env/trace/probe.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fmt/format.h>
#include <record_bpf.skel.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <numeric>
#include <string>
#include <utility>

#include "env/trace/kernel_layout.h"

namespace quanta {
namespace {

int silent(libbpf_print_level, const char*, va_list) {
  return 0;
}

// `context` is the place of the current consume()'s Take.
int take_record(void* context, void* data, size_t size) {
  quanta_task_record record{};
  std::memcpy(&record, data, std::min(size, sizeof(record)));
  (**static_cast<const Probe::Take* const*>(context))(record);
  return 0;
}

std::string why(const char* step, int error) {
  const bool privilege = error == -EPERM || error == -EACCES;
  return fmt::format(
      "recording: the kernel refused to {} the BPF programs: {}{}", step, std::strerror(-error),
      privilege ? " (needs root with CAP_BPF and CAP_PERFMON, and no lockdown)" : "");
}

}  // namespace

Result<std::unique_ptr<Probe>> Probe::open() {
  if (Status s = check_can_trace(); !s) return tl::unexpected(s.error());
  libbpf_set_print(silent);
  const InterruptCount interrupts = interrupt_count();
  int error = 0;
  for (const bool with_sync : {true, false}) {  // not every kernel lets functions be traced
    record_bpf* skeleton = record_bpf__open();
    if (skeleton == nullptr) return fail(why("open", -errno));
    std::unique_ptr<Probe> probe(new Probe(skeleton));
    probe->sees_sync_ = with_sync;
    probe->sees_interrupts_ = interrupts.known;
    skeleton->rodata->preempt_count_distance = interrupts.distance;
    bpf_program__set_autoload(skeleton->progs.on_wake_call, with_sync);
    error = record_bpf__load(skeleton);
    if (error == 0) error = record_bpf__attach(skeleton);
    if (error != 0) continue;
    if (skeleton->rodata->abi_version != QUANTA_ABI_VERSION)
      return fail("recording: the BPF programs are of another build: build again");
    probe->ring_ = ring_buffer__new(bpf_map__fd(skeleton->maps.records), take_record,
                                    static_cast<void*>(&probe->take_), nullptr);
    if (probe->ring_ == nullptr) return fail(why("read", -errno));
    return probe;
  }
  return fail(why("load", error));
}

Probe::~Probe() {
  if (stats_ >= 0) ::close(stats_);
  ring_buffer__free(ring_);
  record_bpf__destroy(skeleton_);
}

Result<std::vector<quanta_task_record>> Probe::tasks() const {
  const int fd = bpf_iter_create(bpf_link__fd(skeleton_->links.list_tasks));
  if (fd < 0) return fail(why("list tasks with", fd));
  std::vector<quanta_task_record> found(256);
  size_t bytes = 0;
  ssize_t got = 0;
  while ((got = ::read(fd, reinterpret_cast<char*>(found.data()) + bytes,
                       found.size() * sizeof(found[0]) - bytes)) > 0) {
    bytes += static_cast<size_t>(got);
    if (bytes == found.size() * sizeof(found[0])) found.resize(2 * found.size());
  }
  const int error = got < 0 ? -errno : 0;
  ::close(fd);
  if (error != 0) return fail(why("list tasks with", error));
  found.resize(bytes / sizeof(found[0]));
  const auto order = [](const quanta_task_record& task) {
    return std::pair(task.head.pid != task.process, task.head.pid);
  };
  std::sort(found.begin(), found.end(),
            [&](const auto& a, const auto& b) { return order(a) < order(b); });
  return found;
}

void Probe::consume(const Take& take) {
  take_ = &take;
  ring_buffer__consume(ring_);
  take_ = nullptr;
}

template <class Look>
void Probe::each_program(Look&& look) const {
  bpf_program* program = nullptr;
  bpf_object__for_each_program(program, skeleton_->obj) {
    bpf_prog_info info = {};
    uint32_t size = sizeof(info);
    const int fd = bpf_program__fd(program);
    if (fd >= 0 && bpf_obj_get_info_by_fd(fd, &info, &size) == 0) look(info);
  }
}

uint64_t Probe::lost() const {
  const uint32_t key = 0;
  std::vector<uint64_t> per_cpu(static_cast<size_t>(libbpf_num_possible_cpus()));
  bpf_map_lookup_elem(bpf_map__fd(skeleton_->maps.lost), &key, per_cpu.data());
  uint64_t lost = std::accumulate(per_cpu.begin(), per_cpu.end(), uint64_t{0});
  each_program([&](const bpf_prog_info& info) { lost += info.recursion_misses; });
  return lost;
}

bool Probe::time_programs() {
  if (stats_ < 0) stats_ = bpf_enable_stats(BPF_STATS_RUN_TIME);
  return stats_ >= 0;
}

Probe::Cost Probe::cost() const {
  Cost cost;
  each_program([&](const bpf_prog_info& info) {
    cost.time += info.run_time_ns;
    cost.runs += info.run_cnt;
  });
  return cost;
}

}  // namespace quanta
