/* sched_ext as the scheduler here uses it: types, kernel functions, and one name for what has had
 * several.
 *
 * Only functions that every kernel from 6.12 on offers in one form or another are used, and none
 * that some kernels list but cannot link: idle CPUs are woken and running tasks preempted by
 * putting a task into the CPU's own queue, never by a kick.
 */
#ifndef QUANTA_BPF_SCX_BPF_H
#define QUANTA_BPF_SCX_BPF_H

#include <linux/version.h>

#include "kernel.bpf.h"

#define SCX_DSQ_FLAG_BUILTIN (1ULL << 63)
#define SCX_DSQ_FLAG_LOCAL_ON (1ULL << 62)
#define SCX_DSQ_LOCAL (SCX_DSQ_FLAG_BUILTIN | 2)
#define SCX_DSQ_LOCAL_ON (SCX_DSQ_FLAG_BUILTIN | SCX_DSQ_FLAG_LOCAL_ON)

/* Values differ between kernels: take them with bpf_core_enum_value(). */
enum scx_enq_flags { SCX_ENQ_PREEMPT = 1ULL << 32, SCX_ENQ_REENQ = 1ULL << 40 };
enum scx_deq_flags { SCX_DEQ_SLEEP = 1 };
#define ENQ_PREEMPT bpf_core_enum_value(enum scx_enq_flags, SCX_ENQ_PREEMPT)
#define ENQ_REENQ bpf_core_enum_value(enum scx_enq_flags, SCX_ENQ_REENQ)
#define DEQ_SLEEP bpf_core_enum_value(enum scx_deq_flags, SCX_DEQ_SLEEP)

enum scx_exit_kind { SCX_EXIT_NONE = 0 };

#define SCX_WAKE_SYNC 0x10 /* WF_SYNC */

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct scx_exit_info {
  enum scx_exit_kind kind;
  __s64 exit_code;
  const char* reason;
  char* msg;
};

struct scx_init_task_args;

/* Members by name; what a kernel does not have stays unset. */
struct sched_ext_ops {
  __s32 (*select_cpu)(struct task_struct* p, __s32 prev_cpu, __u64 wake_flags);
  void (*enqueue)(struct task_struct* p, __u64 enq_flags);
  void (*dispatch)(__s32 cpu, struct task_struct* prev);
  void (*running)(struct task_struct* p);
  void (*stopping)(struct task_struct* p, bool runnable);
  void (*quiescent)(struct task_struct* p, __u64 deq_flags);
  void (*set_weight)(struct task_struct* p, __u32 weight);
  __s32 (*init_task)(struct task_struct* p, struct scx_init_task_args* args);
  void (*enable)(struct task_struct* p);
  void (*disable)(struct task_struct* p);
  __s32 (*init)(void);
  void (*exit)(struct scx_exit_info* info);
  __u32 dispatch_max_batch;
  __u64 flags;
  __u32 timeout_ms;
  __u32 exit_dump_len;
  __u64 hotplug_seq;
  char name[128];
};

#pragma clang attribute pop

/* Iterators live on the stack with the kernel's size. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 4, 0) /* of the headers */
struct bpf_iter_num {
  __u64 opaque;
} __attribute__((aligned(8)));
#endif

struct bpf_iter_scx_dsq {
  __u64 opaque[6];
} __attribute__((aligned(8)));

__s32 scx_bpf_create_dsq(__u64 dsq, __s32 node) __ksym;
__s32 scx_bpf_select_cpu_dfl(struct task_struct* p, __s32 prev_cpu, __u64 wake_flags,
                             bool* is_idle) __ksym;
__s32 scx_bpf_dsq_nr_queued(__u64 dsq) __ksym;
__s32 scx_bpf_pick_idle_cpu(const cpumask_t* allowed, __u64 flags) __ksym;
bool scx_bpf_test_and_clear_cpu_idle(__s32 cpu) __ksym;
__s32 scx_bpf_task_cpu(const struct task_struct* p) __ksym;
bool bpf_cpumask_empty(const struct cpumask* mask) __ksym;
bool bpf_cpumask_test_cpu(__u32 cpu, const struct cpumask* mask) __ksym;
void bpf_rcu_read_lock(void) __ksym;
void bpf_rcu_read_unlock(void) __ksym;

/* Some kernels list the first of these in a form that no program can call. There, queues are not
 * walked but emptied: scx_bpf_dsq_reenq() has all their tasks enqueued again.
 */
int bpf_iter_scx_dsq_new(struct bpf_iter_scx_dsq* it, __u64 dsq, __u64 flags) __ksym __weak;
struct task_struct* bpf_iter_scx_dsq_next(struct bpf_iter_scx_dsq* it) __ksym;
void bpf_iter_scx_dsq_destroy(struct bpf_iter_scx_dsq* it) __ksym;

void scx_bpf_dsq_reenq(__u64 dsq, __u64 flags) __ksym __weak;

/* Likewise; there it is not known whether a CPU is idle. */
const struct cpumask* scx_bpf_get_idle_cpumask(void) __ksym __weak;
void scx_bpf_put_idle_cpumask(const struct cpumask* mask) __ksym __weak;

#define CAN_WALK_QUEUES bpf_ksym_exists(bpf_iter_scx_dsq_new)

/* From 6.13 on; under the names below before. */
void scx_bpf_dsq_insert(struct task_struct* p, __u64 dsq, __u64 slice, __u64 flags) __ksym __weak;
bool scx_bpf_dsq_move_to_local(__u64 dsq) __ksym __weak;
bool scx_bpf_dsq_move(struct bpf_iter_scx_dsq* it, struct task_struct* p, __u64 dsq,
                      __u64 flags) __ksym __weak;
bool scx_bpf_dsq_move_vtime(struct bpf_iter_scx_dsq* it, struct task_struct* p, __u64 dsq,
                            __u64 flags) __ksym __weak;
void scx_bpf_dsq_move_set_slice(struct bpf_iter_scx_dsq* it, __u64 slice) __ksym __weak;
void scx_bpf_dsq_move_set_vtime(struct bpf_iter_scx_dsq* it, __u64 vtime) __ksym __weak;

/* 6.12. */
void scx_bpf_dispatch(struct task_struct* p, __u64 dsq, __u64 slice, __u64 flags) __ksym __weak;
void scx_bpf_dispatch_vtime(struct task_struct* p, __u64 dsq, __u64 slice, __u64 vtime,
                            __u64 flags) __ksym __weak;
bool scx_bpf_consume(__u64 dsq) __ksym __weak;
bool scx_bpf_dispatch_from_dsq(struct bpf_iter_scx_dsq* it, struct task_struct* p, __u64 dsq,
                               __u64 flags) __ksym __weak;
bool scx_bpf_dispatch_vtime_from_dsq(struct bpf_iter_scx_dsq* it, struct task_struct* p, __u64 dsq,
                                     __u64 flags) __ksym __weak;
void scx_bpf_dispatch_from_dsq_set_slice(struct bpf_iter_scx_dsq* it, __u64 slice) __ksym __weak;
void scx_bpf_dispatch_from_dsq_set_vtime(struct bpf_iter_scx_dsq* it, __u64 vtime) __ksym __weak;

/* From 6.19 on, to become the only form. */
struct scx_bpf_dsq_insert_vtime_args {
  __u64 dsq_id;
  __u64 slice;
  __u64 vtime;
  __u64 enq_flags;
};
bool __scx_bpf_dsq_insert_vtime(struct task_struct* p,
                                struct scx_bpf_dsq_insert_vtime_args* args) __ksym __weak;
void scx_bpf_dsq_insert_vtime(struct task_struct* p, __u64 dsq, __u64 slice, __u64 vtime,
                              __u64 flags) __ksym __weak;

static __always_inline void insert(struct task_struct* p, __u64 dsq, __u64 slice, __u64 flags) {
  if (bpf_ksym_exists(scx_bpf_dsq_insert))
    scx_bpf_dsq_insert(p, dsq, slice, flags);
  else
    scx_bpf_dispatch(p, dsq, slice, flags);
}

static __always_inline void insert_ordered(struct task_struct* p, __u64 dsq, __u64 slice,
                                           __u64 order, __u64 flags) {
  if (bpf_ksym_exists(__scx_bpf_dsq_insert_vtime)) {
    struct scx_bpf_dsq_insert_vtime_args args = {dsq, slice, order, flags};
    __scx_bpf_dsq_insert_vtime(p, &args);
  } else if (bpf_ksym_exists(scx_bpf_dsq_insert_vtime)) {
    scx_bpf_dsq_insert_vtime(p, dsq, slice, order, flags);
  } else {
    scx_bpf_dispatch_vtime(p, dsq, slice, order, flags);
  }
}

static __always_inline bool take_from(__u64 dsq) {
  if (bpf_ksym_exists(scx_bpf_dsq_move_to_local)) return scx_bpf_dsq_move_to_local(dsq);
  return scx_bpf_consume(dsq);
}

static __always_inline bool move(struct bpf_iter_scx_dsq* it, struct task_struct* p, __u64 dsq,
                                 __u64 slice, __u64 flags) {
  if (bpf_ksym_exists(scx_bpf_dsq_move)) {
    if (slice) scx_bpf_dsq_move_set_slice(it, slice);
    return scx_bpf_dsq_move(it, p, dsq, flags);
  }
  if (slice) scx_bpf_dispatch_from_dsq_set_slice(it, slice);
  return scx_bpf_dispatch_from_dsq(it, p, dsq, flags);
}

static __always_inline bool move_ordered(struct bpf_iter_scx_dsq* it, struct task_struct* p,
                                         __u64 dsq, __u64 slice, __u64 order) {
  if (bpf_ksym_exists(scx_bpf_dsq_move_vtime)) {
    if (slice) scx_bpf_dsq_move_set_slice(it, slice);
    scx_bpf_dsq_move_set_vtime(it, order);
    return scx_bpf_dsq_move_vtime(it, p, dsq, 0);
  }
  if (slice) scx_bpf_dispatch_from_dsq_set_slice(it, slice);
  scx_bpf_dispatch_from_dsq_set_vtime(it, order);
  return scx_bpf_dispatch_vtime_from_dsq(it, p, dsq, 0);
}

/* The task may run on another CPU than the one it is on. Moving one that may not is an error that
 * ends the scheduler.
 */
static __always_inline bool may_run_on(const struct task_struct* p, __s32 cpu) {
  if (!bpf_cpumask_test_cpu(cpu, p->cpus_ptr)) return false;
  return p->migration_disabled == 0 || scx_bpf_task_cpu(p) == cpu;
}

#endif /* QUANTA_BPF_SCX_BPF_H */
