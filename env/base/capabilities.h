// What this process may do, from /proc.
#pragma once

namespace quanta {

// CAP_BPF with CAP_PERFMON, or CAP_SYS_ADMIN, in the effective set.
bool may_load_bpf();

}  // namespace quanta
