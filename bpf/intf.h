/* The ABI between the kernel half and user space. Plain C, fixed-width types, no padding left
 * unnamed.
 *
 * Times are CLOCK_MONOTONIC nanoseconds. Both halves are built from this file and shipped in one
 * binary; the version guards against objects that are not.
 */
#ifndef QUANTA_BPF_INTF_H
#define QUANTA_BPF_INTF_H

#ifndef __bpf__
#include <linux/types.h>
#endif

#define QUANTA_ABI_VERSION 1
#define QUANTA_COMM_SIZE 16

/* ---- Recorder: bpf/record.bpf.c to env/trace ---- */

enum quanta_record_kind {
  QUANTA_RECORD_SWITCH = 1, /* short: `pid` leaves `cpu`, `other` takes it; 0 is the idle task */
  QUANTA_RECORD_WAKE,       /* short: `other` is woken; `pid` runs on `cpu` at that moment */
  QUANTA_RECORD_FORK,       /* long: `pid` starts, made by `other` */
  QUANTA_RECORD_RENAME,     /* long: `pid` has a new name; `other` is who set it */
  QUANTA_RECORD_EXEC,       /* long: `pid` runs a new program; `other` is the pid it had before */
  QUANTA_RECORD_ALIVE,      /* long: `pid` was there at the start; `other` is its parent process */
};

/* quanta_record.flags */
#define QUANTA_RECORD_BLOCKED 1   /* SWITCH: `pid` sleeps, stops or is dead; else it could go on */
#define QUANTA_RECORD_DEAD 2      /* SWITCH: it was the last of `pid` */
#define QUANTA_RECORD_INTERRUPT 4 /* WAKE: by an interrupt on top of `pid`, not by `pid` */
#define QUANTA_RECORD_SYNC 8      /* WAKE: the waker says that it is about to sleep */
#define QUANTA_RECORD_KERNEL_THREAD 16 /* long records */

struct quanta_record {
  __u64 time;
  __u32 pid;
  __u32 other;
  __s16 cpu;
  __u8 kind;  /* enum quanta_record_kind */
  __u8 flags; /* QUANTA_RECORD_* */
  __s8 nice;  /* of `pid`; WAKE: unset */
  __u8 pad[3];
};

/* A long record: a task with all that is known of it. */
struct quanta_task_record {
  struct quanta_record head;
  __u64 cgroup;  /* id in the cgroup2 hierarchy */
  __u32 process; /* thread-group id */
  __u32 uid;     /* real */
  char comm[QUANTA_COMM_SIZE];
};

#ifdef __cplusplus
#define QUANTA_ABI_ASSERT(what) static_assert(what, #what)
#else
#define QUANTA_ABI_ASSERT(what) _Static_assert(what, #what)
#endif
QUANTA_ABI_ASSERT(sizeof(struct quanta_record) == 24);
QUANTA_ABI_ASSERT(sizeof(struct quanta_task_record) == 56);

#endif /* QUANTA_BPF_INTF_H */
