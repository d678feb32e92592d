#include "env/live/preflight.h"

#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <string>

#include "env/base/capabilities.h"

namespace quanta {
namespace {

std::string word_in(const char* file) {
  std::string word;
  std::ifstream(file) >> word;
  return word;
}

}  // namespace

Status check_can_schedule() {
  if (::access("/sys/kernel/sched_ext", F_OK) != 0) {
    const bool real_time = word_in("/sys/kernel/realtime") == "1";
    return fail(
        fmt::format("live: this kernel has no sched_ext{}: boot one of 6.12 or later that "
                    "is built with CONFIG_SCHED_CLASS_EXT=y",
                    real_time ? " (it is a PREEMPT_RT kernel)" : ""));
  }
  if (::access("/sys/kernel/btf/vmlinux", R_OK) != 0) {
    return fail(
        "live: the kernel's type information (/sys/kernel/btf/vmlinux) cannot be read: boot a "
        "kernel "
        "built with CONFIG_DEBUG_INFO_BTF=y");
  }
  if (!may_load_bpf()) {
    return fail(
        "live: loading a scheduler needs CAP_BPF and CAP_PERFMON, or root: run it with sudo");
  }
  if (word_in("/sys/kernel/sched_ext/state") == "enabled") {
    const std::string ops = word_in("/sys/kernel/sched_ext/root/ops");
    return fail(fmt::format("live: another scheduler is loaded{}: stop it first",
                            ops.empty() ? "" : fmt::format(" ('{}')", ops)));
  }
  return {};
}

}  // namespace quanta
