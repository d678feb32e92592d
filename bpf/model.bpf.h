/* The prior and where the network's residuals enter it: agent/policy/index.h in integers. */
#ifndef QUANTA_BPF_MODEL_BPF_H
#define QUANTA_BPF_MODEL_BPF_H

#include "queues.bpf.h"
#include "tracker.bpf.h"

#define MOST_REM (1ULL << 32) /* ns, in prices */
#define MOST_OCTAVES (12 * 4096ULL)

/* What a decision about one task depends on. */
struct situation {
  __u64 now;  /* given */
  bool whole; /* given; false: only as far as the prior needs it */
  __u64 rem;  /* expected remaining CPU time, without residual, ns */
  __u64 victim_rem;
  __u64 saved;      /* the wait that preempting saves, ns */
  __u64 others;     /* weighted waiting tasks per CPU, without this one, 65536 = 1 */
  __s32 victim_cpu; /* QUANTA_NO_CPU: nobody to preempt; then of the rest nothing is said */
  __u32 victim;     /* slot */
  __u32 victim_w;
  __u32 victim_name;
};

static __always_inline __u64 expected_remaining(__u64 exec, __u64 burst) {
  __u64 rem = exec >= burst ? exec : most(burst - exec, burst / 4);
  return most(least(rem, MOST_TIME), 1);
}

/* What remains of the run of the occupant. */
static __always_inline __u64 remaining(const struct quanta_cpu* c, __u64 now) {
  __u64 exec = c->exec_before + beyond(now, c->run_started);
  return expected_remaining(exec, c->burst) * c->rem_scale >> 16;
}

/* One CPU's part in it. */
static __always_inline void look_at_cpu(struct task_struct* p, const struct quanta_task* t,
                                        bool anywhere, __s32 cpu, __u64 now, struct situation* s) {
  struct quanta_cpu* c = cpu_at(cpu);
  if (!c) return;
  __u32 occupant = c->reported;
  if (occupant == QUANTA_NO_SLOT) return; /* about to pick, and perhaps another one */
  __u64 rem = remaining(c, now);
  s->saved = least(s->saved, least(rem, most(beyond(c->slice_end, now), params.min_slice)));
  if (is_peer_of_occupant(t, c) || is_claimed(c, now)) return;
  if (!anywhere && !may_run_on(p, cpu)) return;
  __u32 w = c->w;
  if (s->victim_cpu >= 0 && least(rem, REM_CAP) * s->victim_w <= least(s->victim_rem, REM_CAP) * w)
    return;
  s->victim_cpu = cpu;
  s->victim = occupant;
  s->victim_rem = rem;
  s->victim_w = w;
  s->victim_name = c->name_hash;
}

/* Somebody runs whom `t` may preempt, if it pays. */
__noinline bool some_victim_runs(const struct quanta_task* t __arg_nonnull) {
  EACH_CPU(cpu) {
    struct quanta_cpu* c = cpu_at(cpu);
    if (c && c->reported != QUANTA_NO_SLOT && !is_peer_of_occupant(t, c)) return true;
  }
  return false;
}

/* `t` has been tracked as runnable at `s->now`.
 *
 * Global, as are its like: the verifier looks at it by itself, not once for every way that leads
 * here. Without numbers as arguments: some verifiers give up where they trace one back to a global
 * function's start.
 */
__noinline int assess(struct task_struct* p __arg_trusted, struct quanta_task* t __arg_nonnull,
                      struct situation* s __arg_nonnull) {
  __u64 now = s->now;
  s->rem = expected_remaining(t->exec - t->slept_base, t->burst);
  s->victim_rem = 0;
  s->saved = MOST_TIME;
  s->victim_cpu = QUANTA_NO_CPU;
  s->victim = QUANTA_NO_SLOT;
  __s64 others = machine.weighted_waiters - t->w;
  s->others = others > 0 ? (__u64)others * params.inverse_online >> 16 : 0;
  if (!s->whole && !(t->woken && some_victim_runs(t))) return 0;
  bool anywhere = p->nr_cpus_allowed >= (int)params.online && !p->migration_disabled;
  EACH_CPU(cpu) look_at_cpu(p, t, anywhere, cpu, now, s);
  return 0;
}

/* What it is worth to be spared a wait of about `saved`, in ns of waiting. */
static __always_inline __u64 worth_of(__u64 saved) {
  if (!params.latency_worth || !saved) return saved;
  /* 4096 / ln 2 = 5909 */
  __u64 octaves = least(params.latency_target * 5909 / saved, MOST_OCTAVES);
  return saved + (saved * (exp2_of(-(__s64)octaves) * params.latency_worth >> 16) >> 16);
}

/* What is decided. */
struct verdict {
  __u64 key;
  __u32 slice;
  __s32 preempt_cpu;
};

/* `residual`: in the order of the heads, 4096 = one octave. Notes the burst's with the task. */
static __always_inline void decide(struct quanta_task* t, const struct situation* s,
                                   const __s32* residual, struct verdict* v) {
  t->rem_scale = exp2_of(residual[QUANTA_HEAD_BURST]);
  __u64 rem = s->rem * t->rem_scale >> 16;
  __u64 index = most(index_of(t->w, rem), t->woken ? t->peer_index : 0);
  v->key = s->now + params.patience * (index * exp2_of(residual[QUANTA_HEAD_ORDER]) >> 16);
  __u64 slice = params.slice * exp2_of(residual[QUANTA_HEAD_SLICE]) >> 16;
  v->slice = least(most(slice, params.slice_min), params.slice_max);
  v->preempt_cpu = QUANTA_NO_CPU;
  if (!t->woken || s->victim_cpu < 0) return;
  __u64 price = s->victim_w * least(rem, MOST_REM) +
                params.switch_cost * least(s->victim_w + s->others, 1ULL << 40);
  __u64 gain = t->w * worth_of(s->saved) >> 12;
  if (gain > (price >> 12) * exp2_of(residual[QUANTA_HEAD_PREEMPT]) >> 16)
    v->preempt_cpu = s->victim_cpu;
}

#endif /* QUANTA_BPF_MODEL_BPF_H */
