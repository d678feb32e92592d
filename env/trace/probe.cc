#include "env/trace/probe.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fmt/format.h>
#include <record_bpf.skel.h>
#include <sys/mman.h>
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

// `context`: a vector of them.
int keep_record(void* context, void* data, size_t size) {
  quanta_task_record record{};
  std::memcpy(&record, data, std::min(size, sizeof(record)));
  static_cast<std::vector<quanta_task_record>*>(context)->push_back(record);
  return 0;
}

template <class T>
T* map_table(const bpf_map* map, size_t bytes) {
  static_assert(sizeof(T) % 8 == 0);
  void* at = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, bpf_map__fd(map), 0);
  return at == MAP_FAILED ? nullptr : static_cast<T*>(at);
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
  const auto cpus = static_cast<uint32_t>(libbpf_num_possible_cpus());
  const uint32_t places = Lanes::places_for(cpus);
  int error = 0;
  for (const bool with_sync : {true, false}) {  // not every kernel lets functions be traced
    record_bpf* skeleton = record_bpf__open();
    if (skeleton == nullptr) return fail(why("open", -errno));
    std::unique_ptr<Probe> probe(new Probe(skeleton));
    probe->sees_sync_ = with_sync;
    probe->sees_interrupts_ = interrupts.known;
    skeleton->rodata->preempt_count_distance = interrupts.distance;
    skeleton->rodata->sees_sync = with_sync;
    skeleton->rodata->lane_places = places;
    bpf_program__set_autoload(skeleton->progs.on_wake_call, with_sync);
    bpf_map__set_max_entries(skeleton->maps.lanes, cpus);
    bpf_map__set_max_entries(skeleton->maps.briefs, cpus * places);
    error = record_bpf__load(skeleton);
    if (error == 0) error = record_bpf__attach(skeleton);
    if (error != 0) continue;
    if (skeleton->rodata->abi_version != QUANTA_ABI_VERSION)
      return fail("recording: the BPF programs are of another build: build again");
    probe->ring_ = ring_buffer__new(bpf_map__fd(skeleton->maps.records), keep_record,
                                    static_cast<void*>(&probe->long_), nullptr);
    if (probe->ring_ == nullptr || !probe->map_lanes(cpus, places))
      return fail(why("read", -errno));
    return probe;
  }
  return fail(why("load", error));
}

bool Probe::map_lanes(size_t cpus, size_t places) {
  lane_bytes_ = cpus * sizeof(quanta_lane);
  place_bytes_ = cpus * places * sizeof(quanta_brief);
  lanes_at_ = map_table<quanta_lane>(skeleton_->maps.lanes, lane_bytes_);
  places_at_ = map_table<quanta_brief>(skeleton_->maps.briefs, place_bytes_);
  if (lanes_at_ == nullptr || places_at_ == nullptr) return false;
  lanes_ =
      std::make_unique<Lanes>(std::span(lanes_at_, cpus), std::span(places_at_, cpus * places));
  return true;
}

Probe::~Probe() {
  if (lanes_at_ != nullptr) ::munmap(lanes_at_, lane_bytes_);
  if (places_at_ != nullptr) ::munmap(places_at_, place_bytes_);
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

bool Probe::consume(Nanos until, const Take& take, size_t most) {
  ring_buffer__consume(ring_);
  std::stable_sort(long_.begin(), long_.end(),
                   [](const auto& a, const auto& b) { return a.head.time < b.head.time; });
  auto next = long_.begin();
  const auto take_long_until = [&](Nanos time) {
    while (next != long_.end() && next->head.time <= time) take(*next++);
  };
  quanta_task_record brief{};
  const size_t n = lanes_->read(until, most, take_long_until, [&](const quanta_record& record) {
    brief.head = record;
    take(brief);
  });
  if (n < most) take_long_until(until);
  long_.erase(long_.begin(), next);
  return n == most;
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
  lost += lanes_->lost();
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
