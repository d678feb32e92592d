#include "env/trace/kernel_layout.h"

#include <bpf/btf.h>
#include <fmt/format.h>
#include <unistd.h>

#include <memory>
#include <optional>
#include <string_view>

namespace quanta {
namespace {

constexpr const char* kBtf = "/sys/kernel/btf/vmlinux";

using Btf = std::unique_ptr<btf, void (*)(btf*)>;

std::optional<int64_t> member_offset(const btf* types, const btf_type* type,
                                     std::string_view name) {
  const btf_member* members = btf_members(type);
  for (uint16_t i = 0; i < btf_vlen(type); ++i)
    if (name == btf__name_by_offset(types, members[i].name_off))
      return btf_member_bit_offset(type, i) / 8;
  for (uint16_t i = 0; i < btf_vlen(type); ++i) {  // anonymous structs and unions
    if (*btf__name_by_offset(types, members[i].name_off) != '\0') continue;
    const btf_type* inner = btf__type_by_id(types, members[i].type);
    if (inner == nullptr || !btf_is_composite(inner)) continue;
    if (const auto at = member_offset(types, inner, name))
      return btf_member_bit_offset(type, i) / 8 + *at;
  }
  return {};
}

const btf_type* find_type(const btf* types, const char* name, uint32_t kind) {
  const int id = btf__find_by_name_kind(types, name, kind);
  return id < 0 ? nullptr : btf__type_by_id(types, static_cast<uint32_t>(id));
}

}  // namespace

Status check_can_trace() {
  if (::geteuid() != 0)
    return fail("recording needs root (CAP_BPF and CAP_PERFMON): run it with sudo");
  if (::access(kBtf, R_OK) != 0)
    return fail(
        fmt::format("recording needs the kernel's type information, but {} is missing: boot a "
                    "kernel built with "
                    "CONFIG_DEBUG_INFO_BTF=y",
                    kBtf));
  return {};
}

InterruptCount interrupt_count() {
  const Btf types(btf__load_vmlinux_btf(), btf__free);
  if (!types) return {};
  const btf_type* thread_info = find_type(types.get(), "thread_info", BTF_KIND_STRUCT);
  if (thread_info != nullptr && member_offset(types.get(), thread_info, "preempt_count"))
    return {.known = true};
  const btf_type* section = find_type(types.get(), ".data..percpu", BTF_KIND_DATASEC);
  if (section == nullptr) return {};

  std::optional<int64_t> runqueues;
  std::optional<int64_t> count;
  const btf_var_secinfo* variables = btf_var_secinfos(section);
  for (uint16_t i = 0; i < btf_vlen(section); ++i) {
    const btf_type* variable = btf__type_by_id(types.get(), variables[i].type);
    const std::string_view name = btf__name_by_offset(types.get(), variable->name_off);
    if (name == "runqueues") runqueues = variables[i].offset;
    if (name == "__preempt_count") count = variables[i].offset;
    if (name == "pcpu_hot") {  // x86 from 6.2 to 6.14
      const btf_type* hot = btf__type_by_id(types.get(), variable->type);
      if (const auto at = member_offset(types.get(), hot, "preempt_count"))
        count = variables[i].offset + *at;
    }
  }
  if (!runqueues || !count) return {};
  return {.known = true, .distance = *count - *runqueues};
}

}  // namespace quanta
