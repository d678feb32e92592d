/* The learned policy at work: situation, features, network, exploration, decision, record. */
#ifndef QUANTA_BPF_JUDGE_BPF_H
#define QUANTA_BPF_JUDGE_BPF_H

#include "features.bpf.h"
#include "policy.bpf.h"

#define QUANTILES 4096
#define MOST_TAKEN 24576 /* six octaves */

/* Of the standard normal distribution, 4096 = 1; filled before load. */
const volatile __s16 normal_quantiles[QUANTILES] SEC(".rodata.quantiles") = {};

/* What one decision needs: more than a stack holds. Nothing else decides on the same CPU meanwhile.
 */
struct desk {
  bool record; /* given */
  __s64 x[QUANTA_INPUTS];
  struct quanta_layers layers;
  __s32 residual[QUANTA_HEADS]; /* in the order of the heads */
  struct situation situation;
  struct verdict verdict;
  struct quanta_judgement judgement;
};

struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, struct desk);
} desks SEC(".maps");

static __always_inline bool draws(__u32 share) {
  return share >= ONE || (bpf_get_prandom_u32() & (ONE - 1)) < share;
}

static __always_inline __s32 noise(__u32 bits, __u32 sd) {
  return (__s64)normal_quantiles[bits & (QUANTILES - 1)] * sd >> 12;
}

/* Adds noise to the residuals; returns its deviation, 0: there is none. */
static __always_inline __u32 explore(const struct quanta_task* t, const struct quanta_network* n,
                                     __u64 now, __s32* residual) {
  __u32 sd = n->exploration_sd;
  if (!sd || t->guard <= now || !draws(params.explore_share)) return 0;
  __u32 bits = bpf_get_prandom_u32(), more = bpf_get_prandom_u32();
  if (params.explore_order)
    residual[QUANTA_HEAD_ORDER] =
        clamp_to(residual[QUANTA_HEAD_ORDER] + noise(bits, sd), MOST_TAKEN);
  residual[QUANTA_HEAD_PREEMPT] =
      clamp_to(residual[QUANTA_HEAD_PREEMPT] + noise(bits >> 12, sd), MOST_TAKEN);
  residual[QUANTA_HEAD_SLICE] = clamp_to(residual[QUANTA_HEAD_SLICE] + noise(more, sd), MOST_TAKEN);
  count(QUANTA_COUNT_EXPLORED);
  return sd;
}

/* What the network says of `d->x`, as far as it acts. */
static __always_inline void consult(const struct quanta_network* n, struct quanta_conduct conduct,
                                    struct desk* d) {
  evaluate(n, d->x, &d->layers, d->residual);
  if (!conduct.burst) d->residual[QUANTA_HEAD_BURST] = 0;
  if (conduct.residual) return;
  d->residual[QUANTA_HEAD_ORDER] = 0;
  d->residual[QUANTA_HEAD_PREEMPT] = 0;
  d->residual[QUANTA_HEAD_SLICE] = 0;
}

/* The judgement, for the learner: here is where it is explored. */
static __always_inline void write_down(const struct quanta_task* t, const struct quanta_network* n,
                                       struct quanta_conduct conduct, struct desk* d) {
  struct quanta_judgement* j = &d->judgement;
  UNROLLED
  for (int i = 0; i < QUANTA_INPUTS; ++i) j->x[i] = d->x[i];
  UNROLLED
  for (int i = 0; i < QUANTA_HEADS; ++i) j->heads[i] = d->residual[i];
  j->sd = conduct.explore && conduct.residual ? explore(t, n, d->situation.now, d->residual) : 0;
  UNROLLED
  for (int i = 0; i < QUANTA_HEADS; ++i) j->taken[i] = d->residual[i];
  j->version = n->version;
  j->prior_rem = log2_of(d->situation.rem);
}

/* Decides at `d->situation.now` about a task that has just been tracked as runnable and has its
 * guard: fills in the verdict and, if `d->record`, the judgement.
 */
__noinline int judge(struct task_struct* p __arg_trusted, struct quanta_task* t __arg_nonnull,
                     struct desk* d __arg_nonnull) {
  struct situation* s = &d->situation;
  __u32 which = *(volatile __u32*)&shared.network & 1;
  const struct quanta_network* n = bpf_map_lookup_elem(&networks, &which);
  if (!n) return 0;
  struct quanta_conduct conduct = conduct_now();
  bool acts = !n->is_prior && (conduct.burst || conduct.residual);
  s->whole = acts || d->record;
  assess(p, t, s);
  if (s->whole) extract(t, s, d->x);
  if (acts)
    consult(n, conduct, d);
  else
    __builtin_memset(d->residual, 0, sizeof(d->residual));
  if (d->record) write_down(t, n, conduct, d);
  d->residual[QUANTA_HEAD_ORDER] += conduct.order * 256;
  d->residual[QUANTA_HEAD_PREEMPT] += conduct.preempt * 256;
  d->residual[QUANTA_HEAD_SLICE] += conduct.slice * 256;
  decide(t, s, d->residual, &d->verdict);
  return 0;
}

#endif /* QUANTA_BPF_JUDGE_BPF_H */
