/* The recorder: who runs, who wakes whom, who is born, renamed and gone. Switches and wake-ups go
 * up a lane of the CPU on which they happen, the rare rest up a ring.
 *
 * Nobody is woken from here: user space empties them a few dozen times a second. What does not fit
 * is counted per CPU. A task's end is its last switch, not sched_process_exit, since an exiting
 * task still wakes its parent and joiners after that; its birth is sched_wakeup_new, which, unlike
 * sched_process_fork, also sees kernel workers and is the moment at which the child starts.
 */
#include "kernel.bpf.h"

#include "intf.h"

char LICENSE[] SEC("license") = "GPL";

const volatile __u32 abi_version = QUANTA_ABI_VERSION;

struct {
  __uint(type, BPF_MAP_TYPE_RINGBUF);
  __uint(max_entries, 1 << 20);
} records SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, __u64);
} lost SEC(".maps");

/* User space sets the sizes: one lane for each CPU, and the places of all lanes in a row. */
const volatile __u32 lane_places = 1; /* a power of two */

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(map_flags, BPF_F_MMAPABLE);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, struct quanta_lane);
} lanes SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(map_flags, BPF_F_MMAPABLE);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, struct quanta_brief);
} briefs SEC(".maps");

/* Whether on_wake_call() is loaded. */
const volatile __u8 sees_sync = 1; /* no bool: C++ reads it, too */

/* What try_to_wake_up was last asked on this CPU; an interrupt in between only loses a sync flag.
 */
struct wake_call {
  struct task_struct* task;
  int flags;
};

struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, struct wake_call);
} wake_calls SEC(".maps");

static void* zero_slot(void* map) {
  __u32 zero = 0;
  return bpf_map_lookup_elem(map, &zero);
}

static __always_inline void* reserve(__u64 size) {
  void* record = bpf_ringbuf_reserve(&records, size, 0);
  if (!record) {
    __u64* count = zero_slot(&lost);
    if (count) __sync_fetch_and_add(count, 1);
  }
  return record;
}

static __always_inline struct quanta_lane* own_lane(void) {
  __u32 cpu = bpf_get_smp_processor_id();
  return bpf_map_lookup_elem(&lanes, &cpu);
}

/* An interrupt may do the same in between: then this one is lost. */
static __always_inline void put(struct quanta_lane* lane, __u64 packed) {
  const __u64 n = *(volatile __u64*)&lane->head;
  if (n - *(volatile __u64*)&lane->tail >= lane_places ||
      __sync_val_compare_and_swap(&lane->head, n, n + 1) != n) {
    __sync_fetch_and_add(&lane->lost, 1);
    return;
  }
  __u32 place = bpf_get_smp_processor_id() * lane_places + (n & (lane_places - 1));
  struct quanta_brief* brief = bpf_map_lookup_elem(&briefs, &place);
  if (!brief) return;
  brief->time = bpf_ktime_get_ns();
  /* Releases what Lanes::read() acquires. */
  __sync_lock_test_and_set(&brief->what, packed | !(n & lane_places));
}

static __always_inline void fill(struct quanta_record* record, __u8 kind, __u32 pid, __u32 other) {
  record->time = bpf_ktime_get_ns();
  record->pid = pid;
  record->other = other;
  record->cpu = bpf_get_smp_processor_id();
  record->kind = kind;
  record->flags = 0;
  record->nice = 0;
  __builtin_memset(record->pad, 0, sizeof(record->pad));
}

static __always_inline void fill_task(struct quanta_task_record* record, struct task_struct* task,
                                      __u8 kind, __u32 other) {
  fill(&record->head, kind, task->pid, other);
  record->head.nice = task->static_prio - NICE_0_STATIC_PRIO;
  if (task->flags & PF_KTHREAD) record->head.flags = QUANTA_RECORD_KERNEL_THREAD;
  record->process = task->tgid;
  record->uid = BPF_CORE_READ(task, real_cred, uid.val);
  record->cgroup = BPF_CORE_READ(task, cgroups, dfl_cgrp, kn, id);
  bpf_probe_read_kernel(record->comm, sizeof(record->comm), task->comm);
}

static __always_inline void send_task(struct task_struct* task, __u8 kind, __u32 other,
                                      const char* comm) {
  struct quanta_task_record* record = reserve(sizeof(*record));
  if (!record) return;
  fill_task(record, task, kind, other);
  if (comm) bpf_probe_read_kernel_str(record->comm, sizeof(record->comm), comm);
  bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP);
}

SEC("tp_btf/sched_switch")
int BPF_PROG(on_switch, bool preempt, struct task_struct* prev, struct task_struct* next,
             unsigned int prev_state) {
  struct quanta_lane* lane = own_lane();
  if (!lane) return 0;
  __u64 flags = 0;
  if (!preempt && prev_state != 0) flags = QUANTA_RECORD_BLOCKED;
  if (!preempt && (prev_state & TASK_DEAD)) flags |= QUANTA_RECORD_DEAD;
  put(lane, quanta_pack(QUANTA_RECORD_SWITCH, flags, prev->static_prio - NICE_0_STATIC_PRIO,
                        prev->pid, next->pid));
  return 0;
}

/* sched_waking runs where the wake-up is asked for; sched_wakeup may run on the target's CPU. */
SEC("tp_btf/sched_waking")
int BPF_PROG(on_waking, struct task_struct* task) {
  struct task_struct* waker = bpf_get_current_task_btf();
  struct quanta_lane* lane = own_lane();
  if (!lane) return 0;
  if (!lane->preempt_count) lane->preempt_count = find_preempt_count(waker);
  __u64 flags = counts_interrupt(waker, lane->preempt_count) ? QUANTA_RECORD_INTERRUPT : 0;
  if (sees_sync) {
    struct wake_call* call = zero_slot(&wake_calls);
    if (call && call->task == task && (call->flags & WF_SYNC)) flags |= QUANTA_RECORD_SYNC;
  }
  put(lane, quanta_pack(QUANTA_RECORD_WAKE, flags, 0, waker->pid, task->pid));
  return 0;
}

/* The sync flag is not in the tracepoint. Left out at load where the kernel has no such function.
 */
SEC("fentry/try_to_wake_up")
int BPF_PROG(on_wake_call, struct task_struct* task, unsigned int state, int wake_flags) {
  struct wake_call* call = zero_slot(&wake_calls);
  if (!call) return 0;
  call->task = task;
  call->flags = wake_flags;
  return 0;
}

SEC("tp_btf/sched_wakeup_new")
int BPF_PROG(on_fork, struct task_struct* task) {
  send_task(task, QUANTA_RECORD_FORK, bpf_get_current_task_btf()->pid, 0);
  return 0;
}

/* Thread names as well as exec; the tracepoint fires before the name is stored. */
SEC("tp_btf/task_rename")
int BPF_PROG(on_rename, struct task_struct* task, const char* comm) {
  send_task(task, QUANTA_RECORD_RENAME, bpf_get_current_task_btf()->pid, comm);
  return 0;
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(on_exec, struct task_struct* task, int old_pid) {
  send_task(task, QUANTA_RECORD_EXEC, old_pid, 0);
  return 0;
}

/* Read once, after the programs above are attached. */
SEC("iter/task")
int list_tasks(struct bpf_iter__task* ctx) {
  struct task_struct* task = ctx->task;
  if (!task) return 0;
  struct quanta_task_record record = {};
  fill_task(&record, task, QUANTA_RECORD_ALIVE, BPF_CORE_READ(task, real_parent, tgid));
  bpf_seq_write(ctx->meta->seq, &record, sizeof(record));
  return 0;
}
