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

static __always_inline __u64 average(__u64 old, __u64 sample) {
  return old - old / 4 + sample / 4;
}

static __always_inline __u16 average_share(__u16 old, bool hit) {
  return old - old / 8 + (hit ? 8191 : 0);
}

/* 2^r, 65536 = 1; r in 4096ths of an octave, within 12 octaves. At most 0.2% off. */
static __always_inline __u64 exp2_of(__s64 r) {
  __s64 octaves = r >> 12;
  __u64 f = r & 4095;
  __u64 mantissa = ONE + ((f * (43047 + (f * 22489 >> 12))) >> 12);
  return octaves >= 0 ? mantissa << octaves : mantissa >> -octaves;
}

/* Tasks of one process, or of one name: they work on the same thing, in turns. Such do not preempt
 * each other, and follow each other in the queue.
 */
static __always_inline bool are_peers(const struct quanta_task* a, const struct quanta_task* b) {
  return a->process == b->process || a->name_hash == b->name_hash;
}

/* The c-mu rule: the smaller, the earlier. */
static __always_inline __u64 index_of(const struct quanta_task* t, __u64 rem) {
  return (least(rem, REM_CAP) << 16) / most(t->w, 1);
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
  __u64 served = weight * params.online;
  __u64 fair = machine.load > served ? machine.load * 1024 / served : 1024;
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
      t->peer_index = index_of(waker, most(waker->burst, waker->exec - waker->slept_base));
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

static __always_inline void track_start(struct quanta_task* t, __u64 now) {
  stop_waiting(t);
  t->wait = average(t->wait, now - t->waiting_since);
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
