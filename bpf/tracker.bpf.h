/* What the policy knows of tasks, processes and the machine: agent/features/tracker.h in integers,
 * with the same definitions, kept where things happen. O(1) each.
 *
 * CPUs update what they share without locks: counts are atomic; a process's use, an average, may
 * miss an update when two of its threads stop at the same moment.
 */
#ifndef QUANTA_BPF_TRACKER_BPF_H
#define QUANTA_BPF_TRACKER_BPF_H

#include "tables.bpf.h"

#define ONE (1 << 16)
#define FIRST_BURST (1000ULL * 1000)
#define LEAST_W 655                         /* 0.01 */
#define REM_CAP (50ULL * 1000 * 1000)       /* of expected CPU time, in the order */
#define MOST_TIME (1ULL << 40)              /* ns: longer ones count as this */
#define FLOOR_QUANTUM (2ULL * 1000 * 1000)  /* granularity of the promised share */
#define FLOOR_WINDOW (200ULL * 1000 * 1000) /* over which it is kept */

static __always_inline __u64 least(__u64 a, __u64 b) {
  return a < b ? a : b;
}
static __always_inline __u64 most(__u64 a, __u64 b) {
  return a > b ? a : b;
}

/* a - b, or 0. */
static __always_inline __u64 beyond(__u64 a, __u64 b) {
  if (a <= b) return 0;
  a -= b;
  OPAQUE(a); /* else it becomes a saturating difference, for which there are no instructions */
  return a;
}

static __always_inline __u64 average(__u64 old, __u64 sample) {
  return old - old / 4 + sample / 4;
}

static __always_inline __u16 average_share(__u16 old, bool hit) {
  return old - old / 8 + (hit ? 8191 : 0);
}

/* 2^r, 65536 = 1; r in 4096ths of an octave, from -32 to 14 octaves. At most 0.2% off. */
static __always_inline __u64 exp2_of(__s64 r) {
  __u64 f = r & 4095;
  __u64 mantissa = ONE + ((f * (43047 + (f * 22489 >> 12))) >> 12);
  return mantissa << ((r >> 12) + 32 & 63) >> 32;
}

/* log2 of numbers of one byte, rounded down; of 0 what makes log2_of(0) 0. */
#define FOUR(x) x, x, x, x
#define SIXTEEN(x) FOUR(x), FOUR(x), FOUR(x), FOUR(x)
static const __u8 log2_of_byte[256] = {
    1,          0,          1,          1,          FOUR(2),    FOUR(3),    FOUR(3),    SIXTEEN(4),
    SIXTEEN(5), SIXTEEN(5), SIXTEEN(6), SIXTEEN(6), SIXTEEN(6), SIXTEEN(6), SIXTEEN(7), SIXTEEN(7),
    SIXTEEN(7), SIXTEEN(7), SIXTEEN(7), SIXTEEN(7), SIXTEEN(7), SIXTEEN(7),
};

/* log2, 256 = 1: piecewise linear between powers of two; 0 for v < 2. */
static __always_inline __s64 log2_of(__u64 v) {
  __u64 rest = v, zeros = 63; /* before the first one */
  if (rest >= 1 << 16) {
    if (rest >> 32) {
      rest >>= 32;
      zeros = 31;
      OPAQUE(zeros);
    }
    if (rest >= 1 << 16) {
      rest >>= 16;
      zeros -= 16;
      OPAQUE(zeros);
    }
  }
  if (rest >= 1 << 8) {
    rest >>= 8;
    zeros -= 8;
    OPAQUE(zeros);
  }
  OPAQUE(rest); /* the verifier wants to see the bound, too */
  zeros -= log2_of_byte[rest & 255];
  /* The first one and the eight bits behind it. */
  __u64 bits = v << zeros >> 55;
  return (62 << 8) + bits - (zeros << 8);
}

/* Tasks of one process, or of one name: they work on the same thing, in turns. Such do not preempt
 * each other, and follow each other in the queue.
 */
static __always_inline bool are_peers(const struct quanta_task* a, const struct quanta_task* b) {
  return a->process == b->process || a->name_hash == b->name_hash;
}
static __always_inline bool is_peer_of_occupant(const struct quanta_task* t,
                                                const struct quanta_cpu* c) {
  return t->process == c->process || t->name_hash == c->name_hash;
}

/* The c-mu rule: the smaller, the earlier. */
static __always_inline __u64 index_of(__u32 w, __u64 rem) {
  return (least(rem, REM_CAP) << 16) / most(w, 1);
}

static __always_inline struct quanta_process* process_of(const struct quanta_task* t) {
  __u32 i = t->process & (QUANTA_PROCESSES - 1);
  return bpf_map_lookup_elem(&processes, &i);
}

/* CPUs in use now: falls to 1/e in 500 ms. Short times are frequent, and must not round to none. */
static __always_inline __u64 decayed_use(const struct quanta_process* p, __u64 now) {
  __u64 passed = now > p->use_at ? least(now - p->use_at, 1ULL << 33) : 0;
  if (passed < 60ULL * 1000 * 1000) {
    __u64 y = passed * 8796 >> 14; /* of 500 ms, 2^28 = 1 */
    __u64 y2 = y * y >> 28;
    return p->use * ((1 << 28) - y + y2 / 2 - (y2 * y >> 28) / 6) >> 28;
  }
  /* 4096 ns at a time: 4096 * 4096 / 346573590 octaves, in 4096ths */
  __s64 octaves = ((passed >> 12) * 3172) >> 16;
  return (p->use * exp2_of(-octaves)) >> 16;
}

/* Cost of a moment's waiting, as agent/features/weighing.h has it. */
static __always_inline __u32 weigh(struct quanta_task* t, const struct quanta_process* p,
                                   __u64 now) {
  if (t->class_weight) return t->class_weight;
  __u64 sleep = least(t->sleep, MOST_TIME);
  __u64 burst = least(most(t->burst, t->exec - t->slept_base), MOST_TIME);
  __u64 w = 3 * ONE * sleep / (sleep + burst + 1);
  if (t->peer_index) w = least(w, (__u64)t->peer_importance * 7 / 8);
  t->importance = w;
  __u32 busy = machine.busy;
  __u64 fair = (__u64)params.online * ONE;
  if (busy > 1) fair /= busy;
  if (p->use >> 8 > fair) { /* as of the past; what is left of it may be less */
    __u64 use = decayed_use(p, now) >> 8;
    if (use > fair) {
      __u64 modest = fair * ONE / use;
      w = (w * modest >> 16) * modest >> 16;
    }
  }
  return most(w, LEAST_W);
}

/* Time that passes while the task is promised 1 ns, 1024 = 1. */
static __always_inline __u64 serving_time(const struct quanta_task* t) {
  __u64 weight = t->weight ? t->weight : 1;
  __u64 load = machine.load * params.inverse_online >> 6; /* of a CPU, 1024 = 1 */
  __u64 fair = 1024;
  /* Most weights are that of nice 0: no division then. */
  if (load > weight << 10) fair = weight == 1024 ? load >> 10 : load / weight;
  return least(fair * params.inverse_floor >> 10, 1 << 30);
}

static __always_inline void stop_waiting(struct quanta_task* t) {
  if (!t->is_waiting) return;
  t->is_waiting = 0;
  __sync_fetch_and_add(&machine.waiting, -1);
  __sync_fetch_and_add(&machine.weighted_waiters, -(__s64)t->w);
}

static __always_inline void set_runnable(struct quanta_task* t, struct quanta_process* p,
                                         bool runnable) {
  if (t->is_runnable == runnable) return;
  t->is_runnable = runnable;
  if (runnable) {
    __sync_fetch_and_add(&machine.load, t->weight);
    if (__sync_fetch_and_add(&p->runnable, 1) == 0) __sync_fetch_and_add(&machine.busy, 1);
  } else {
    __sync_fetch_and_add(&machine.load, -(__u64)t->weight);
    if (__sync_fetch_and_add(&p->runnable, -1) == 1) __sync_fetch_and_add(&machine.busy, -1);
  }
}

static __always_inline void track_new(struct quanta_task* t, __u64 now) {
  t->slept_at = t->floor = now;
  t->burst = t->sleep = FIRST_BURST;
  t->log_burst = log2_of(FIRST_BURST);
  t->rem_scale = ONE;
  t->w = t->importance = ONE;
}

/* Runnable from now on. Reads `asleep`, `waker` and `woken_sync` of this wake-up. */
static __always_inline void track_runnable(struct quanta_task* t, __u64 now) {
  struct quanta_process* p = process_of(t);
  if (!p) return;
  stop_waiting(t);
  bool wakeup = t->asleep;
  if (wakeup) {
    t->last_sleep = now - t->slept_at;
    t->sleep = average(t->sleep, t->last_sleep);
    t->sync_share = average_share(t->sync_share, t->woken_sync);
    struct quanta_task* waker = t->waker == QUANTA_NO_SLOT ? NULL : task_in(t->waker);
    t->waker_kin = !waker ? 0 : waker->process == t->process ? 256 : 128;
    t->peer_index = 0;
    if (waker && are_peers(waker, t)) {
      t->peer_index = index_of(waker->w, most(waker->burst, waker->exec - waker->slept_base));
      t->peer_importance = waker->importance;
    }
    t->floor = most(t->floor, now);
  }
  set_runnable(t, p, true);
  t->woken = wakeup;
  t->waiting_since = now;
  t->w = weigh(t, p, now);
  t->is_waiting = 1;
  __sync_fetch_and_add(&machine.waiting, 1);
  __sync_fetch_and_add(&machine.weighted_waiters, t->w);
}

/* By when it must run to keep its promised share, after track_runnable(). */
static __always_inline __u64 guard_of(const struct quanta_task* t) {
  return t->floor + (FLOOR_QUANTUM * serving_time(t) >> 10);
}

/* For the decisions, which look at every CPU's occupant. */
static __always_inline void show_occupant(struct quanta_cpu* c, const struct quanta_task* t) {
  c->process = t->process;
  c->name_hash = t->name_hash;
  c->w = t->w;
  c->rem_scale = t->rem_scale;
  c->burst = t->burst;
  c->exec_before = t->run_base - t->slept_base;
}

/* Its name, weight or process has changed. */
static __always_inline void track_change(struct quanta_task* t, __u32 slot) {
  struct quanta_cpu* c = cpu_at(t->reported_cpu);
  if (c && c->reported == slot) show_occupant(c, t);
}

/* On `c`, whose occupant it is. */
static __always_inline void track_start(struct quanta_task* t, struct quanta_cpu* c, __u64 now) {
  stop_waiting(t);
  t->wait = average(t->wait, now - t->waiting_since);
  t->log_wait = log2_of(t->wait);
  show_occupant(c, t);
}

/* After a run of `ran` ns. */
static __always_inline void track_stop(struct quanta_task* t, __u64 now, __u64 ran, bool sleeps) {
  struct quanta_process* p = process_of(t);
  if (!p) return;
  ran = least(ran, 1ULL << 32);
  p->use = decayed_use(p, now) + (ran * 2199 >> 16); /* ran / 500 ms */
  p->use_at = now;
  t->floor = least(t->floor + (ran * serving_time(t) >> 10), now + FLOOR_WINDOW);
  t->involuntary_share = average_share(t->involuntary_share, !sleeps);
  if (!sleeps) return;
  t->last_burst = t->exec - t->slept_base;
  t->burst = average(t->burst, t->last_burst);
  t->log_burst = log2_of(t->burst);
  t->log_last_burst = log2_of(t->last_burst);
  t->slept_at = now;
  set_runnable(t, p, false);
}

static __always_inline void track_weight(struct quanta_task* t, __u32 weight) {
  if (t->is_runnable) __sync_fetch_and_add(&machine.load, (__u64)weight - t->weight);
}

static __always_inline void track_exit(struct quanta_task* t) {
  stop_waiting(t);
  struct quanta_process* p = process_of(t);
  if (p) set_runnable(t, p, false);
}

/* FNV-1a of the name without trailing digits and separators, as agent/features/tracker.h has it. */
static __always_inline __u32 hash_name(const char* comm) {
  __u64 hash = 0xcbf29ce484222325ULL, whole = hash;
  _Pragma("unroll") for (int i = 0; i < QUANTA_COMM_SIZE; ++i) {
    char c = comm[i];
    if (!c) break;
    hash = (hash ^ (__u8)c) * 0x100000001b3ULL;
    bool trails =
        (c >= '0' && c <= '9') || c == '/' || c == '-' || c == ':' || c == '_' || c == '#';
    if (!trails) whole = hash;
  }
  return whole ^ (whole >> 32);
}

#endif /* QUANTA_BPF_TRACKER_BPF_H */
