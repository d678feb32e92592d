/* Where tasks wait. Each cache domain has three queues, taken from in this order:
 *   due        who has waited past its guard time, earliest guard first
 *   decided    in the order of the decisions' keys
 *   undecided  who waits for a decision, in the order of the heuristic
 * All are the kernel's own queues, so that nobody is ever lost with the agent: a CPU that finds
 * nothing decided takes an undecided task.
 */
#ifndef QUANTA_BPF_QUEUES_BPF_H
#define QUANTA_BPF_QUEUES_BPF_H

#include "report.bpf.h"

enum queue { QUEUE_DUE, QUEUE_DECIDED, QUEUE_UNDECIDED, QUEUES };

#define NEVER (~0ULL)
#define CLAIM_LASTS (4ULL * 1000 * 1000)

static __u64 soonest_guard = NEVER;   /* no guard time in the decided queues is earlier */
static bool somebody_is_due;          /* false: the due queues are surely empty */
static __u64 soonest_overdue = NEVER; /* nobody has waited undecided for too long before that */

static __always_inline __u64 queue_id(__s32 domain, enum queue queue) {
  return domain * QUEUES + queue;
}

static __always_inline __s32 domain_of(__s32 cpu) {
  struct quanta_cpu* c = cpu_at(cpu);
  return c ? c->domain : 0;
}

static __always_inline bool is_pinned(const struct task_struct* p) {
  return p->nr_cpus_allowed == 1 || p->migration_disabled;
}

/* Takes an idle CPU that `p` may run on out of the idle ones; negative: there is none. */
static __always_inline __s32 claim_idle_cpu(struct task_struct* p) {
  if (!is_pinned(p)) return scx_bpf_pick_idle_cpu(p->cpus_ptr, 0);
  __s32 cpu = scx_bpf_task_cpu(p);
  return scx_bpf_test_and_clear_cpu_idle(cpu) ? cpu : QUANTA_NO_CPU;
}

/* One preemption at a time: a claim of that time holds until the task it was made for runs here, or
 * it has come to nothing.
 */
static __always_inline bool holds(__u64 claimed_at, const struct quanta_cpu* c, __u64 now) {
  return claimed_at >= c->run_started && now < claimed_at + CLAIM_LASTS;
}

static __always_inline bool is_claimed(const struct quanta_cpu* c, __u64 now) {
  return holds(c->claimed_at, c, now);
}

/* False: another CPU was faster, whose task would go first and keep this one waiting behind it. */
static __always_inline bool claim(struct quanta_cpu* c, __u64 now, __u32 cause) {
  __u64 last = *(volatile __u64*)&c->claimed_at;
  if (holds(last, c, now)) return false;
  if (__sync_val_compare_and_swap(&c->claimed_at, last, now) != last) return false;
  c->cause = cause;
  return true;
}

/* Somebody waits in the CPU's own queue. Who preempts goes before him; with more and more of them
 * he would wait for ever, and on no other CPU: so nobody does.
 */
static __always_inline bool is_waited_for(__s32 cpu) {
  return scx_bpf_dsq_nr_queued(SCX_DSQ_LOCAL_ON | cpu) > 0;
}

static __always_inline __u64 key_of(__u32 slot) {
  struct quanta_decision* d = bpf_map_lookup_elem(&decisions, &slot);
  return d ? d->key : 0;
}

/* May a task of this key take the occupant's place? No other is on its way there, and the occupant
 * is still the one that the decision has seen, or at least one that comes later.
 */
static __always_inline bool may_preempt(const struct quanta_cpu* c, __s32 cpu,
                                        const struct quanta_task* t, __u64 key, __u64 now) {
  __u32 occupant = c->reported;
  if (occupant == QUANTA_NO_SLOT || is_claimed(c, now) || is_waited_for(cpu)) return false;
  return c->run_started <= t->enqueued_at || key_of(occupant) > key;
}

/* Somebody else was faster at the CPU that the decision names: the one whose occupant comes latest,
 * if that is later than `key` and not a peer. Negative: there is none.
 */
static __noinline __s32 other_victim(struct task_struct* p, struct quanta_task* t, __u64 key,
                                     __u64 now) {
  __u64 latest = key;
  __s32 victim = QUANTA_NO_CPU;
  int cpu;
  bpf_for(cpu, 0, params.cpus) {
    struct quanta_cpu* c = cpu_at(cpu);
    if (!c || is_claimed(c, now)) continue;
    __u32 occupant = c->reported;
    struct quanta_task* v = task_in(occupant);
    if (!v || v->process == t->process || !may_run_on(p, cpu)) continue;
    __u64 theirs = key_of(occupant);
    if (theirs > latest && !is_waited_for(cpu)) {
      latest = theirs;
      victim = cpu;
    }
  }
  return victim;
}

/* The CPU to which a decision sends the task in place of its occupant; negative: none. */
static __always_inline __s32 victim_of(struct task_struct* p, struct quanta_task* t, __s32 wanted,
                                       __u64 key, __u64 now) {
  struct quanta_cpu* c = cpu_at(wanted);
  if (!c) return QUANTA_NO_CPU;
  if (!may_run_on(p, wanted)) {
    count(QUANTA_COUNT_AFFINITY);
  } else if (may_preempt(c, wanted, t, key, now)) {
    return wanted;
  }
  __s32 other = other_victim(p, t, key, now);
  if (other < 0) count(QUANTA_COUNT_PREEMPT_LATE);
  return other;
}

/* Into a CPU's own queue, or a shared one: out of the queue that `it` walks, or, without it, from
 * ops.enqueue.
 */
static __always_inline void send_to(struct bpf_iter_scx_dsq* it, struct task_struct* p, __s32 cpu,
                                    __u64 slice, __u64 flags) {
  if (it)
    move(it, p, SCX_DSQ_LOCAL_ON | cpu, slice, flags);
  else
    insert(p, SCX_DSQ_LOCAL_ON | cpu, slice, flags);
}

static __always_inline void line_up(struct bpf_iter_scx_dsq* it, struct task_struct* p,
                                    enum queue queue, __u64 slice, __u64 order) {
  __u64 id = queue_id(domain_of(scx_bpf_task_cpu(p)), queue);
  if (it)
    move_ordered(it, p, id, slice, order);
  else
    insert_ordered(p, id, slice, order, 0);
}

/* The task's decision, if there is one for this enqueue. */
static __always_inline struct quanta_decision* decision_of(__u32 slot,
                                                           const struct quanta_task* t) {
  struct quanta_decision* d = bpf_map_lookup_elem(&decisions, &slot);
  if (!d || !t->undecided) return NULL;
  /* A full barrier: pairs with the release of the generation, which user space writes last. */
  return __sync_fetch_and_add(&d->generation, 0) == t->generation ? d : NULL;
}

/* Puts the task where its decision says. */
static __always_inline void place(struct bpf_iter_scx_dsq* it, struct task_struct* p,
                                  struct quanta_task* t, const struct quanta_decision* d,
                                  __u64 now) {
  __u64 key = d->key, guard = d->guard;
  __u32 slice = d->slice;
  __s32 wanted = d->preempt_cpu;
  t->slice = slice;
  t->guard = guard;
  t->undecided = 0;
  count(QUANTA_COUNT_PLACED);

  __s32 cpu = claim_idle_cpu(p);
  if (cpu >= 0) {
    send_to(it, p, cpu, slice, 0);
    return;
  }
  cpu = wanted >= 0 ? victim_of(p, t, wanted, key, now) : QUANTA_NO_CPU;
  struct quanta_cpu* c = cpu >= 0 ? cpu_at(cpu) : NULL;
  if (c && claim(c, now, QUANTA_STOP_PREEMPTED)) {
    send_to(it, p, cpu, slice, ENQ_PREEMPT);
    return;
  }
  if (c) count(QUANTA_COUNT_PREEMPT_LATE);
  if (guard < soonest_guard) soonest_guard = guard;
  t->order = key;
  line_up(it, p, QUEUE_DECIDED, slice, key);
}

/* Places what has been decided in one domain. */
static __noinline __u32 place_decided(__s32 domain) {
  __u64 queue = queue_id(domain, QUEUE_UNDECIDED);
  if (!CAN_WALK_QUEUES) {
    if (scx_bpf_dsq_nr_queued(queue) > 0) scx_bpf_dsq_reenq(queue, 0);
    return 0;
  }
  struct task_struct* p;
  __u64 now = bpf_ktime_get_ns();
  __u32 placed = 0;
  bpf_rcu_read_lock();
  bpf_for_each(scx_dsq, p, queue, 0) {
    __u32 slot = slot_of(p);
    struct quanta_task* t = task_in(slot);
    struct quanta_decision* d = t ? decision_of(slot, t) : NULL;
    if (!t || !d) continue;
    place(&___it, p, t, d, now);
    ++placed;
  }
  bpf_rcu_read_unlock();
  return placed;
}

/* When a waiting task goes before all others. */
static __always_inline __u64 due_time(const struct quanta_task* t) {
  return t->undecided ? t->enqueued_at + params.undecided_timeout : t->guard;
}

/* Where queues cannot be walked: this task was in one and is enqueued again, to be placed, given to
 * a hungry CPU, moved up, or put back.
 */
static __noinline void enqueue_again(struct task_struct* p, struct quanta_task* t, __u32 slot,
                                     __u64 now) {
  struct quanta_decision* d = decision_of(slot, t);
  if (d) {
    place(NULL, p, t, d, now);
    return;
  }
  int cpu;
  bpf_for(cpu, 0, params.cpus) {
    struct quanta_cpu* c = cpu_at(cpu);
    if (!c || c->hungry == QUANTA_SATED || !may_run_on(p, cpu)) continue;
    __u32 hunger = __sync_lock_test_and_set(&c->hungry, QUANTA_SATED);
    if (hunger == QUANTA_SATED) continue;
    insert(p, SCX_DSQ_LOCAL_ON | cpu, t->slice,
           hunger == QUANTA_HUNGRY_TO_PREEMPT ? ENQ_PREEMPT : 0);
    return;
  }
  __u64 due = due_time(t);
  if (due <= now) {
    count(QUANTA_COUNT_OVERDUE);
    somebody_is_due = true;
    line_up(NULL, p, QUEUE_DUE, t->slice, due);
  } else if (t->undecided) {
    if (due < soonest_overdue) soonest_overdue = due;
    line_up(NULL, p, QUEUE_UNDECIDED, t->slice, t->deadline);
  } else {
    if (due < soonest_guard) soonest_guard = due;
    line_up(NULL, p, QUEUE_DECIDED, t->slice, t->order);
  }
}

static __always_inline bool take_from_domain(__s32 domain) {
  if (somebody_is_due) {
    if (take_from(queue_id(domain, QUEUE_DUE))) return true;
    somebody_is_due = scx_bpf_dsq_nr_queued(queue_id(domain, QUEUE_DUE)) > 0;
  }
  if (take_from(queue_id(domain, QUEUE_DECIDED))) return true;
  return !DECIDES_HERE && take_from(queue_id(domain, QUEUE_UNDECIDED));
}

#endif /* QUANTA_BPF_QUEUES_BPF_H */
