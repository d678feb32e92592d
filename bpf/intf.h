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

#define QUANTA_ABI_VERSION 9
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

/* Short records come by the CPU that made them, in a lane of its own: no lock, and nothing shared
 * but the cache lines that are read. The one at place `n` of a lane is there as soon as the lowest
 * bit of `what` is the one that lap has: set in the first lap over the lane, clear in the second.
 */
struct quanta_brief {
  __u64 time;
  __u64 what; /* from bit 0: lap 1, kind 3, flags 5, nice + 20 6, pid 22, other 22 */
};

struct quanta_lane {
  __u64 head;          /* the kernel's: next place to fill, counted from the begin of time */
  __u64 lost;          /* records that found no room */
  __u64 preempt_count; /* where this CPU's is; 0: not known yet */
  __u64 pad[5];
  __u64 tail; /* user space's: next place to be read */
  __u64 pad_tail[7];
};

#define QUANTA_PID_BITS 22 /* the kernel's limit */

static inline __u64 quanta_pack(__u64 kind, __u64 flags, __s64 nice, __u64 pid, __u64 other) {
  return kind << 1 | flags << 4 | ((__u64)(nice + 20) & 63) << 9 | pid << 15 |
         other << (15 + QUANTA_PID_BITS);
}

static inline struct quanta_record quanta_unpack(const struct quanta_brief* brief, __s16 cpu) {
  const __u64 pid_mask = (1ULL << QUANTA_PID_BITS) - 1;
  struct quanta_record record = {};
  record.time = brief->time;
  record.pid = (__u32)(brief->what >> 15 & pid_mask);
  record.other = (__u32)(brief->what >> (15 + QUANTA_PID_BITS) & pid_mask);
  record.cpu = cpu;
  record.kind = (__u8)(brief->what >> 1 & 7);
  record.flags = (__u8)(brief->what >> 4 & 31);
  record.nice = (__s8)((__s64)(brief->what >> 9 & 63) - 20);
  return record;
}

/* ---- Scheduler: bpf/quanta.bpf.c with env/live ----
 *
 * Up: events through a ring. Down: a table of decisions by slot, taken up by a program that user
 * space runs once per batch. Tasks and CPUs are tables in shared memory.
 */

/* Kinds and reasons have the numbers of EventKind and StopReason in env/env.h. */
enum quanta_event_kind {
  QUANTA_EVENT_NEW,     /* `slot` has a task: its quanta_task is filled in */
  QUANTA_EVENT_EXEC,    /* its name, weight or control group changed */
  QUANTA_EVENT_EXIT,    /* it died, or left this scheduler's class; the slot is free */
  QUANTA_EVENT_WAKE,    /* runnable, already dispatched; no decision is wanted */
  QUANTA_EVENT_ENQUEUE, /* runnable; waits, undecided unless it is JUDGED */
  QUANTA_EVENT_START,   /* runs on `cpu` */
  QUANTA_EVENT_STOP,    /* no longer runs on `cpu` */
};

enum quanta_stop_reason {
  QUANTA_STOP_SLEEP,
  QUANTA_STOP_SLICE_END,
  QUANTA_STOP_PREEMPTED,
  QUANTA_STOP_EXIT,
};

/* quanta_event.flags */
#define QUANTA_EVENT_WAKEUP 1    /* WAKE, ENQUEUE: from sleep */
#define QUANTA_EVENT_SYNC 2      /* WAKE, ENQUEUE: the waker says that it is about to sleep */
#define QUANTA_EVENT_UNDECIDED 4 /* START: it did not wait for its decision */
#define QUANTA_EVENT_JUDGED 8    /* ENQUEUE: decided in the kernel; a quanta_judgement */

#define QUANTA_NO_SLOT 0xffffffffU
#define QUANTA_NO_CPU (-1)

struct quanta_event {
  __u64 time;
  __u64 ran; /* STOP: CPU time since START, ns */
  __u32 slot;
  __u32 other;      /* WAKE, ENQUEUE: the waker's slot; NEW: the task's pid; else QUANTA_NO_SLOT */
  __u32 generation; /* ENQUEUE: of this enqueue */
  __s16 cpu;
  __u8 kind;   /* enum quanta_event_kind */
  __u8 flags;  /* QUANTA_EVENT_* */
  __u8 reason; /* STOP: enum quanta_stop_reason */
  __u8 pad[7];
};

/* What user space decided for the enqueue `generation` of a slot, which is written last. */
struct quanta_decision {
  __u64 key;         /* order in the shared queue */
  __u64 guard;       /* waiting past this time it goes before every key */
  __u32 slice;       /* ns */
  __s16 preempt_cpu; /* QUANTA_NO_CPU: none */
  __u16 pad;
  __u32 generation;
  __u32 pad2;
};

/* One slot of the task table. The first part is what a task is, for user space; the rest is the
 * kernel half's own.
 */
struct quanta_task {
  char comm[QUANTA_COMM_SIZE];
  __u32 pid;
  __u32 process; /* thread-group id */
  __u32 weight;  /* load weight, 1024: nice 0 */
  __s32 nice;
  __u32 uid;
  __u32 kernel_thread;
  __u64 cgroup; /* id in the cgroup2 hierarchy */

  __u64 exec;       /* sum_exec_runtime, last seen */
  __u64 run_base;   /* sum_exec_runtime at START */
  __u64 charged;    /* sum_exec_runtime that `vruntime` has seen */
  __u64 slept_base; /* sum_exec_runtime when it last slept */
  __u64 vruntime;   /* of the heuristic, ns at nice 0 */
  __u64 deadline;   /* of the heuristic */
  __u64 enqueued_at;
  __u64 order; /* its key in the decided queue */
  __u64 guard;
  __u32 generation;   /* counts enqueues */
  __u32 slice;        /* ns, of the present run */
  __u32 waker;        /* slot of who woke it, set on the way to its enqueue */
  __s16 reported_cpu; /* where START said it runs; QUANTA_NO_CPU: it does not */
  __u8 asleep;
  __u8 undecided; /* waits, or was taken, without a decision */
  __u8 woken_sync;
  __u8 looked_for_idle; /* on the way to this enqueue */
  __u8 woken;           /* its last enqueue was a wake-up */
  __u8 is_waiting;      /* counted in quanta_machine.waiting */
  __u8 is_runnable;     /* counted in quanta_machine.load */
  __u8 changed;         /* name, weight or process, not reported yet */

  /* What the policy knows of it: agent/features/tracker.h has the definitions. */
  __u64 slept_at;
  __u64 waiting_since;
  __u64 burst;
  __u64 last_burst;
  __u64 sleep;
  __u64 last_sleep;
  __u64 wait;
  __u64 floor;
  __u32 class_weight; /* user space: of its reward class, 65536 = 1; 0: it has none */
  __u32 w;            /* reward weight, as of the last enqueue, 65536 = 1 */
  __u32 rem_scale;    /* 65536 = 1 */
  __u32 name_hash;
  __u16 sync_share;
  __u16 involuntary_share;
  __u16 waker_kin;
  __u16 log_burst; /* log2_of() of these, 256 = 1 */
  __u16 log_last_burst;
  __u16 log_wait;
  __u32 pad2;
  __u64 peer_index;      /* of the peer that woke it; 0: none did */
  __u32 importance;      /* 65536 = 1 */
  __u32 peer_importance; /* while peer_index is not 0 */
};

/* Counters of degraded and chosen paths, one set per CPU. */
enum quanta_counter {
  QUANTA_COUNT_EVENTS_LOST,  /* the ring was full */
  QUANTA_COUNT_UNDECIDED,    /* tasks that ran before their decision came */
  QUANTA_COUNT_OVERDUE,      /* tasks moved up because their guard time had passed */
  QUANTA_COUNT_AGENT_LATE,   /* enqueues that found the agent silent for too long */
  QUANTA_COUNT_PLACED,       /* decisions taken up */
  QUANTA_COUNT_AFFINITY,     /* decisions for a CPU that the task may not use */
  QUANTA_COUNT_PREEMPT_LATE, /* preemptions left out: somebody else runs there by now */
  QUANTA_COUNT_NO_SLOT,      /* tasks beyond the table */
  QUANTA_COUNT_SLICE_KICKS,  /* slices ended by the timer */
  QUANTA_COUNT_AGENT_WAKES,
  QUANTA_COUNT_RESCUES,  /* waiting tasks that the timer gave to an idle CPU */
  QUANTA_COUNT_JUDGED,   /* decisions made in the kernel */
  QUANTA_COUNT_EXPLORED, /* of those, with noise */
  QUANTA_COUNT_THINNED,  /* records left out because the ring was half full */
  QUANTA_COUNTERS,
};

/* Where queues cannot be walked: what a CPU wants of the next task that is enqueued again. */
enum quanta_hunger { QUANTA_SATED, QUANTA_HUNGRY, QUANTA_HUNGRY_TO_PREEMPT };

/* Each decision looks at all CPUs: what it needs to know of who runs there is in one cache line. */
struct quanta_cpu {
  __u64 run_started; /* when `reported`, or who was that last, started */
  __u64 slice_end;   /* 0: nobody of ours runs here */
  __u64 claimed_at;  /* last preemption sent to this CPU */
  __u64 exec_before; /* of the occupant: CPU time from its last sleep to run_started; copies: */
  __u64 burst;
  __u32 process;
  __u32 name_hash;
  __u32 w;
  __u32 rem_scale;
  __u32 reported; /* slot that START put here; QUANTA_NO_SLOT: none */
  __u32 cause;    /* why the occupant is put aside: enum quanta_stop_reason */
  __s32 domain;   /* cache domain; set before load */
  __u32 hungry;   /* enum quanta_hunger: see give() */
  __u64 pad;      /* to whole cache lines */
  __u64 counters[QUANTA_COUNTERS];
};

enum quanta_dispatch_mode {
  QUANTA_DISPATCH_USER,      /* the agent decides; the heuristic stands in for a silent agent */
  QUANTA_DISPATCH_HEURISTIC, /* the label-free heuristic decides, in the kernel */
  QUANTA_DISPATCH_KERNEL,    /* the learned policy decides, in the kernel */
};

/* Set before load. */
struct quanta_params {
  __u32 abi_version;
  __u32 mode;    /* enum quanta_dispatch_mode */
  __s32 cpus;    /* CPU ids are below it */
  __s32 domains; /* cache domains */
  __u64 default_slice;
  __u64 tick;              /* longest time between two looks of the timer while somebody waits */
  __u64 min_slice;         /* shortest */
  __u64 wake_interval;     /* the agent is woken at most once in this time */
  __u64 agent_timeout;     /* the agent counts as silent when it has not answered for so long */
  __u64 undecided_timeout; /* a task that waits undecided for so long goes first */

  /* For the policy in the kernel; see agent/policy/index.h. */
  __u64 heartbeat; /* an agent unseen for so long is not there: nothing is explored or reported */
  __u64 switch_cost;
  __u64 slice;
  __u64 slice_min;
  __u64 slice_max;
  __u32 online; /* CPUs */
  __u32 patience;
  __u32 inverse_floor;  /* 1 / promised share, 1024 = 1 */
  __u32 explore_share;  /* of the decisions, 65536 = all */
  __u32 record_share;   /* likewise */
  __u32 latency_worth;  /* 65536 = 1 */
  __u32 explore_order;  /* the order is explored too */
  __u32 inverse_online; /* 1 / online, 65536 = 1 */
  __u64 latency_target;
};

/* Written by both halves while they run; each field by one side, but for the two that one side sets
 * and the other clears.
 */
struct quanta_shared {
  __u64 asked_at;     /* kernel half: the oldest request not seen; the agent clears it */
  __u32 agent_asleep; /* agent: nothing wakes it but the kernel half */
  __s32 hot_thread;   /* kernel half: thread id that decides, as the kernel itself counts */
  __u64 agent_woken;  /* kernel half: when the agent was last woken */
  __u64 vruntime_now; /* kernel half: the heuristic's clock */
  __u32 unplaced;   /* agent: a decision found its task not queued yet; the kernel half clears it */
  __s32 agent;      /* kernel half: thread-group id of the agent, as the kernel itself counts */
  __u32 exit_kind;  /* kernel half: 0 while the scheduler runs */
  __u32 applied;    /* kernel half: decisions taken up by the last run of `apply` */
  __u64 agent_seen; /* agent: when it last looked */
  __u64 conduct;    /* agent: a quanta_conduct, whole */
  __u32 network;    /* agent: which of the two networks decides */
  __u32 pad;
  __s64 exit_code;
  char exit_reason[64];
  char exit_message[256];
};

/* ---- The policy in the kernel: see bpf/policy.bpf.h ---- */

#define QUANTA_INPUTS 16
#define QUANTA_HIDDEN 16 /* neurons of each of the two hidden layers */
/* Activation = min(max(0, sum) >> SHIFT, MAX), sums below 2^15; inputs within -MAX..MAX. */
#define QUANTA_ACTIVATION_MAX 127
#define QUANTA_ACTIVATION_SHIFT 7

/* In the order of agent/policy/network.h. */
enum quanta_head {
  QUANTA_HEAD_BURST,
  QUANTA_HEAD_ORDER,
  QUANTA_HEAD_PREEMPT,
  QUANTA_HEAD_SLICE,
  QUANTA_HEADS
};

/* Weights, packed in lanes: several outputs of one input in a word, the first in its lowest bits,
 * added up with their signs. Biases are in units of the sums, and half a lane is added to each. No
 * sum may leave its lane: who packs it proves that (agent/policy/packed_network.h).
 */
struct quanta_network {
  __u64 version;
  __s64 scale[QUANTA_INPUTS];      /* input = (x * scale + offset >> 16, within 0..2 MAX) - MAX */
  __s64 offset[QUANTA_INPUTS];     /* x: a feature, 256 = 1 */
  __u64 hidden1[QUANTA_INPUTS][4]; /* 16-bit lanes */
  __u64 bias1[4];                  /* for inputs plus MAX, as they are computed */
  __u64 hidden2[QUANTA_HIDDEN][4];
  __u64 bias2[4];
  __u64 heads[QUANTA_HIDDEN][2]; /* 32-bit lanes */
  __u64 bias3[2];
  __u32 head_shift;     /* head = sum >> it, 4096 = one octave */
  __u32 exploration_sd; /* of the noise, 4096 = one octave */
  __u32 is_prior;       /* all heads are zero: nothing to evaluate */
  __u32 pad;
};

/* What acts of what has been learnt; one word, so that it changes as a whole. */
struct quanta_conduct {
  __u8 burst;
  __u8 residual;
  __u8 explore;
  __u8 observe; /* what happens is reported */
  __s8 order;   /* added to the heads, 16 = one octave */
  __s8 preempt;
  __s8 slice;
  __s8 pad2;
};

/* Of all tasks. Written by the kernel half. */
struct quanta_machine {
  __s64 weighted_waiters; /* 65536 = 1 */
  __u64 load;             /* load weights of the runnable tasks */
  __u32 waiting;          /* tasks */
  __u32 busy;             /* processes with runnable tasks */
};

/* Of a process; those whose ids are the same in the lowest bits share one. */
#define QUANTA_PROCESSES (1 << 16)
struct quanta_process {
  __u64 use_at;
  __u64 use; /* CPUs in use, exponential average, 2^24 = 1; as of use_at */
  __u32 runnable;
  __u32 pad;
};

/* An ENQUEUE that the kernel half has decided. */
struct quanta_judgement {
  struct quanta_event event;
  __u64 key;
  __u64 guard;
  __u32 slice;
  __u32 victim;              /* slot of who is preempted; QUANTA_NO_SLOT: nobody */
  __u32 version;             /* of the network */
  __u16 sd;                  /* of the noise, 4096 = one octave; 0: none */
  __s16 prior_rem;           /* log2 of ns, 256 = 1 */
  __s16 x[QUANTA_INPUTS];    /* features, 256 = 1 */
  __s16 heads[QUANTA_HEADS]; /* of the network, 4096 = one octave; 0 for those that do not act */
  __s16 taken[QUANTA_HEADS]; /* with noise; without the conduct's additions */
};

#ifdef __cplusplus
#define QUANTA_ABI_ASSERT(what) static_assert(what, #what)
#else
#define QUANTA_ABI_ASSERT(what) _Static_assert(what, #what)
#endif
QUANTA_ABI_ASSERT(sizeof(struct quanta_record) == 24);
QUANTA_ABI_ASSERT(sizeof(struct quanta_task_record) == 56);
QUANTA_ABI_ASSERT(sizeof(struct quanta_event) == 40);
QUANTA_ABI_ASSERT(sizeof(struct quanta_decision) == 32);
QUANTA_ABI_ASSERT(sizeof(struct quanta_task) == 256);
QUANTA_ABI_ASSERT(sizeof(struct quanta_cpu) == 80 + 8 * QUANTA_COUNTERS);
QUANTA_ABI_ASSERT(sizeof(struct quanta_cpu) % 64 == 0);
QUANTA_ABI_ASSERT(sizeof(struct quanta_params) == 144);
QUANTA_ABI_ASSERT(sizeof(struct quanta_shared) == 400);
QUANTA_ABI_ASSERT(sizeof(struct quanta_conduct) == 8);
QUANTA_ABI_ASSERT(sizeof(struct quanta_machine) == 24);
QUANTA_ABI_ASSERT(sizeof(struct quanta_process) == 24);
QUANTA_ABI_ASSERT(sizeof(struct quanta_judgement) == 120);
QUANTA_ABI_ASSERT(sizeof(struct quanta_network) == 1640);

#endif /* QUANTA_BPF_INTF_H */
