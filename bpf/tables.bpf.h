/* The tables that both halves see, and the kernel half's own state. */
#ifndef QUANTA_BPF_TABLES_BPF_H
#define QUANTA_BPF_TABLES_BPF_H

#include "scx.bpf.h"

#include "compiler.bpf.h"
#include "intf.h"

const volatile struct quanta_params params SEC(".rodata.params") = {
    .abi_version = QUANTA_ABI_VERSION,
};
struct quanta_shared shared SEC(".data.shared");
struct quanta_machine machine SEC(".data.machine");

/* User space sets the sizes that are 1 here. */
struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(map_flags, BPF_F_MMAPABLE);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, struct quanta_task);
} tasks SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(map_flags, BPF_F_MMAPABLE);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, struct quanta_decision);
} decisions SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(map_flags, BPF_F_MMAPABLE);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, struct quanta_cpu);
} cpus SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(map_flags, BPF_F_MMAPABLE);
  __uint(max_entries, QUANTA_PROCESSES);
  __type(key, __u32);
  __type(value, struct quanta_process);
} processes SEC(".maps");

/* The one that shared.network names decides; user space writes the other. */
struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(map_flags, BPF_F_MMAPABLE);
  __uint(max_entries, 2);
  __type(key, __u32);
  __type(value, struct quanta_network);
} networks SEC(".maps");

/* Filled by user space before the scheduler is attached. */
struct {
  __uint(type, BPF_MAP_TYPE_QUEUE);
  __uint(max_entries, 1);
  __type(value, __u32);
} free_slots SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_TASK_STORAGE);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __type(key, int);
  __type(value, __u32);
} slots SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_RINGBUF);
  __uint(max_entries, 1 << 22);
} events SEC(".maps");

static __always_inline __u32 slot_of(struct task_struct* p) {
  __u32* slot = bpf_task_storage_get(&slots, p, 0, 0);
  return slot ? *slot : QUANTA_NO_SLOT;
}

static __always_inline struct quanta_task* task_in(__u32 slot) {
  return bpf_map_lookup_elem(&tasks, &slot);
}

static __always_inline struct quanta_cpu* cpu_at(__s32 cpu) {
  __u32 key = cpu;
  return bpf_map_lookup_elem(&cpus, &key);
}

/* A loop over the CPUs. The verifier must not know where it begins and ends, or it would walk
 * through every turn.
 */
static __u32 first_cpu;
#define EACH_CPU(cpu)                                                     \
  for (__u32 cpu = *(volatile __u32*)&first_cpu, end = cpu + params.cpus; \
       cpu < end && may_go_on(); ++cpu)

static __always_inline void count(enum quanta_counter counter) {
  struct quanta_cpu* c = cpu_at(bpf_get_smp_processor_id());
  if (c) __sync_fetch_and_add(&c->counters[counter], 1);
}

#endif /* QUANTA_BPF_TABLES_BPF_H */
