/* The kernel's types, as far as the programs here read them. CO-RE: only the names matter, the
 * offsets come from the running kernel's BTF at load.
 */
#ifndef QUANTA_BPF_KERNEL_BPF_H
#define QUANTA_BPF_KERNEL_BPF_H

#include <linux/bpf.h>
#include <linux/types.h>
#include <stdbool.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

typedef struct {
  __u32 val;
} kuid_t;

struct cred {
  kuid_t uid;
};

struct kernfs_node {
  __u64 id;
};

struct cgroup {
  struct kernfs_node* kn;
};

struct css_set {
  struct cgroup* dfl_cgrp;
};

struct thread_info {
  int preempt_count; /* not on x86, which keeps it per CPU */
};

struct rq {
  int cpu;
};

struct cfs_rq {
  struct rq* rq;
};

struct sched_entity {
  struct cfs_rq* cfs_rq;
  __u64 sum_exec_runtime;
};

struct cpumask {
  unsigned long bits[1]; /* a declaration alone would not match the kernel's type */
};
typedef struct cpumask cpumask_t;

struct sched_ext_entity {
  __u64 slice;
  __u64 dsq_vtime;
  __u32 weight; /* 100: nice 0 */
};

struct task_struct {
  struct thread_info thread_info;
  unsigned int flags;
  int static_prio;
  unsigned int __state;
  struct sched_entity se;
  struct sched_ext_entity scx; /* not in kernels without sched_ext */
  const cpumask_t* cpus_ptr;
  int nr_cpus_allowed;
  unsigned short migration_disabled;
  int pid;
  int tgid;
  struct task_struct* real_parent;
  const struct cred* real_cred;
  struct css_set* cgroups;
  char comm[16];
};

struct seq_file;

struct bpf_iter_meta {
  struct seq_file* seq;
};

struct bpf_iter__task {
  struct bpf_iter_meta* meta;
  struct task_struct* task;
};

#pragma clang attribute pop

/* Constants that BTF does not carry; the same in every kernel from 6.1 on. */
#define PF_KTHREAD 0x00200000
#define TASK_DEAD 0x00000080
#define WF_SYNC 0x10
#define NICE_0_STATIC_PRIO 120

/* preempt_count: serving a softirq (not merely disabling them), in a hard interrupt, in an NMI. */
#define SOFTIRQ_SERVING 0x00000100
#define HARDIRQ_AND_NMI 0x00ff0000

/* Bytes from a CPU's `runqueues` to its preempt_count, both per-CPU variables; 0: not known. User
 * space finds it in BTF before load. A ksym would need CONFIG_KALLSYMS_ALL, which small kernels
 * lack.
 */
const volatile __s64 preempt_count_distance = 0;

/* Where this CPU's preempt_count is, which does not change; 0: not known, or in thread_info. */
static __always_inline __u64 find_preempt_count(const struct task_struct* current_task) {
  if (preempt_count_distance == 0 || !bpf_core_field_exists(current_task->se.cfs_rq)) return 0;
  const struct rq* rq = current_task->se.cfs_rq->rq;
  if (rq->cpu != (int)bpf_get_smp_processor_id()) return 0;
  return (__u64)rq + preempt_count_distance;
}

static __always_inline bool counts_interrupt(const struct task_struct* current_task, __u64 at) {
  int count = 0;
  if (bpf_core_field_exists(current_task->thread_info.preempt_count))
    count = current_task->thread_info.preempt_count;
  else if (at)
    bpf_probe_read_kernel(&count, sizeof(count), (const void*)at);
  return count & (SOFTIRQ_SERVING | HARDIRQ_AND_NMI);
}

static __always_inline bool in_interrupt(const struct task_struct* current_task) {
  return counts_interrupt(current_task, find_preempt_count(current_task));
}

#endif /* QUANTA_BPF_KERNEL_BPF_H */
