/* What tests/bpf/model.bpf.c and its user share: a stream of events, and what is decided. */
#ifndef QUANTA_TESTS_BPF_MODEL_H
#define QUANTA_TESTS_BPF_MODEL_H

#include "../../bpf/intf.h"

#define MOST_STEPS (1 << 16)

/* One event, as env/env.h has it, and for an ENQUEUE what was decided. */
struct model_step {
  struct quanta_event event;
  struct quanta_judgement judged; /* out */
  __s32 preempt_cpu;              /* out */
  __u32 weight;                   /* NEW: load weight */
  __u32 process;                  /* NEW, EXEC */
  __u32 class_weight;             /* NEW, EXEC */
  char comm[QUANTA_COMM_SIZE];    /* NEW, EXEC */
};

struct model_run {
  __s32 first; /* steps */
  __s32 count;
  __u32 unseen; /* nothing is recorded: only what is decided is known */
  __u32 pad;
  __u64 ns; /* out, of what is timed */
};

#endif
