/* The label-free heuristic: order by vruntime plus CPU time since the last sleep, preempt a running
 * task whose own is later by more than a margin unless it is a peer (has the same name), short
 * slices. A baseline of its own, and what stands in for an agent that is silent.
 */
#ifndef QUANTA_BPF_HEURISTIC_BPF_H
#define QUANTA_BPF_HEURISTIC_BPF_H

#include "queues.bpf.h"

#define HEURISTIC_MARGIN (100ULL * 1000)
#define HEURISTIC_SLICE (1000ULL * 1000)
#define HEURISTIC_MOST_EXEC (100ULL * 1000 * 1000)
#define HEURISTIC_LAG (20ULL * 1000 * 1000) /* a sleeper's credit is at most this much */

/* Brings the task's vruntime and deadline up to date. */
static __always_inline void heuristic_charge(struct quanta_task* t) {
  __u64 used = t->exec - t->charged;
  t->charged = t->exec;
  __u32 weight = t->weight ? t->weight : 1;
  t->vruntime += used * 1024 / weight;
  __u64 clock = shared.vruntime_now;
  if (clock > HEURISTIC_LAG && t->vruntime < clock - HEURISTIC_LAG)
    t->vruntime = clock - HEURISTIC_LAG;
  if (t->vruntime > clock) shared.vruntime_now = t->vruntime;
  __u64 exec = t->exec - t->slept_base;
  t->deadline = t->vruntime + (exec < HEURISTIC_MOST_EXEC ? exec : HEURISTIC_MOST_EXEC);
}

static __always_inline bool same_name(const struct quanta_task* a, const struct quanta_task* b) {
  const __u64* x = (const __u64*)a->comm;
  const __u64* y = (const __u64*)b->comm;
  return x[0] == y[0] && x[1] == y[1];
}

/* The CPU on which `p` may take the place of the task with the latest deadline; negative: none. */
static __noinline __s32 heuristic_victim(struct task_struct* p, struct quanta_task* t, __u64 now) {
  __u64 latest = t->deadline + HEURISTIC_MARGIN;
  __s32 victim = QUANTA_NO_CPU;
  int cpu;
  bpf_for(cpu, 0, params.cpus) {
    struct quanta_cpu* c = cpu_at(cpu);
    if (!c || is_claimed(c, now)) continue;
    struct quanta_task* v = task_in(c->reported);
    if (!v || same_name(v, t) || !may_run_on(p, cpu)) continue;
    __u64 theirs = v->deadline + (now - c->run_started);
    if (theirs > latest && !is_waited_for(cpu)) {
      latest = theirs;
      victim = cpu;
    }
  }
  return victim;
}

/* Sends `p` to the victim's CPU. False: there is no victim. */
static __always_inline bool heuristic_preempt(struct task_struct* p, struct quanta_task* t,
                                              __u32 slot, __s32 victim, __u64 now) {
  struct quanta_cpu* c = victim >= 0 ? cpu_at(victim) : NULL;
  if (!c || !claim(c, now, QUANTA_STOP_PREEMPTED)) return false;
  t->slice = HEURISTIC_SLICE;
  report_wake(now, slot, t, victim);
  insert(p, SCX_DSQ_LOCAL_ON | victim, HEURISTIC_SLICE, ENQ_PREEMPT);
  return true;
}

#endif /* QUANTA_BPF_HEURISTIC_BPF_H */
