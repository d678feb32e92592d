/* The clock of the queues. It runs only while somebody waits, or did lately, and then
 *   ends slices that are used up, which the kernel itself does only on its tick;
 *   moves those up whose guard time has passed, or who have waited undecided for too long;
 *   gives waiting tasks to CPUs that went idle at the very moment at which they were queued;
 *   places decisions that came before their task was in its queue;
 *   wakes the agent for what is not urgent.
 */
#ifndef QUANTA_BPF_TIMER_BPF_H
#define QUANTA_BPF_TIMER_BPF_H

#include "agent.bpf.h"
#include "model.bpf.h"

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, struct timer);
} queue_timer SEC(".maps");

/* A task is in its queue only some time after watch_queues() was told of it, and a virtual CPU may
 * be stopped in between: for a while after the last one the clock goes on, slower and slower.
 */
enum clock { CLOCK_STOPPED, CLOCK_RUNS, CLOCK_LAZY };
#define LAZY_FOR (200ULL * 1000 * 1000)

static __u32 clock_state;
static __u64 last_queued;

#define MOST_CANDIDATES 8 /* waiting tasks looked at for one CPU */

/* The first waiting task that may run on `cpu` goes there, if its place in the queue is before
 * `limit`.
 */
static __noinline bool give(__u64 queue, __s32 cpu, __u64 flags, __u64 limit) {
  if (is_waited_for(cpu)) return false;
  if (!CAN_WALK_QUEUES) {
    struct quanta_cpu* c = cpu_at(cpu);
    if (!c || scx_bpf_dsq_nr_queued(queue) <= 0) return false;
    c->hungry = flags ? QUANTA_HUNGRY_TO_PREEMPT : QUANTA_HUNGRY;
    scx_bpf_dsq_reenq(queue, 0);
    return true;
  }
  struct task_struct* p;
  int seen = 0;
  bool given = false;
  bpf_rcu_read_lock();
  bpf_for_each(scx_dsq, p, queue, 0) {
    if (++seen > MOST_CANDIDATES) break;
    if (p->scx.dsq_vtime >= limit) break;
    if (!may_run_on(p, cpu)) continue;
    given = move(&___it, p, SCX_DSQ_LOCAL_ON | cpu, 0, flags);
    if (given) break;
  }
  bpf_rcu_read_unlock();
  return given;
}

/* `limit`: of the decided ones. */
static __always_inline bool give_first(__s32 domain, __s32 cpu, __u64 flags, __u64 limit) {
  return give(queue_id(domain, QUEUE_DUE), cpu, flags, NEVER) ||
         give(queue_id(domain, QUEUE_DECIDED), cpu, flags, limit) ||
         (!DECIDES_HERE && give(queue_id(domain, QUEUE_UNDECIDED), cpu, flags, NEVER));
}

/* The place that the prior gives the occupant if its slice ends now; NEVER: not known. */
static __always_inline __u64 next_place(const struct quanta_cpu* c, __u64 now) {
  if (!DECIDES_HERE || c->reported == QUANTA_NO_SLOT) return NEVER;
  return now + params.patience * index_of(c->w, remaining(c, now));
}

static __noinline void raise_overdue(__s32 domain, enum queue queue, __u64 now) {
  __u64 id = queue_id(domain, queue);
  if (!CAN_WALK_QUEUES) {
    if (scx_bpf_dsq_nr_queued(id) > 0) scx_bpf_dsq_reenq(id, 0);
    return;
  }
  struct task_struct* p;
  bpf_rcu_read_lock();
  bpf_for_each(scx_dsq, p, id, 0) {
    struct quanta_task* t = task_in(slot_of(p));
    if (!t) continue;
    __u64 due = due_time(t);
    if (due <= now) {
      count(QUANTA_COUNT_OVERDUE);
      somebody_is_due = true;
      move_ordered(&___it, p, queue_id(domain, QUEUE_DUE), 0, due);
    } else if (queue == QUEUE_DECIDED) {
      if (due < soonest_guard) soonest_guard = due;
    } else if (due < soonest_overdue) {
      soonest_overdue = due;
    }
  }
  bpf_rcu_read_unlock();
}

static __always_inline __s32 waiting_in(__s32 domain) {
  __s32 waiting = scx_bpf_dsq_nr_queued(queue_id(domain, QUEUE_DUE)) +
                  scx_bpf_dsq_nr_queued(queue_id(domain, QUEUE_DECIDED));
  if (!DECIDES_HERE) waiting += scx_bpf_dsq_nr_queued(queue_id(domain, QUEUE_UNDECIDED));
  return waiting;
}

/* Returns when the next slice on this CPU ends, or when to look again. */
static __noinline __u64 end_slice(__s32 cpu, __u64 now) {
  struct quanta_cpu* c = cpu_at(cpu);
  __u64 later = now + params.tick;
  if (!c || is_claimed(c, now)) return later;
  __u64 end = c->slice_end;
  if (end > now) return end < later ? end : later;
  if (scx_bpf_test_and_clear_cpu_idle(cpu)) {
    if (give_first(c->domain, cpu, 0, NEVER)) count(QUANTA_COUNT_RESCUES);
    return later;
  }
  /* The heuristic is a baseline as others know it: the kernel's tick ends its slices. */
  if (!end || params.mode == QUANTA_DISPATCH_HEURISTIC) return later;
  __u32 cause = c->cause;
  if (!claim(c, now, QUANTA_STOP_SLICE_END)) return later;
  if (give_first(c->domain, cpu, ENQ_PREEMPT, next_place(c, now))) {
    count(QUANTA_COUNT_SLICE_KICKS);
  } else { /* it goes on */
    c->claimed_at = 0;
    c->cause = cause;
    __sync_val_compare_and_swap(&c->slice_end, end, now + params.slice);
  }
  return later;
}

static int tick(void* map, int* key, struct bpf_timer* timer) {
  __u64 now = bpf_ktime_get_ns();
  __u64 next = now + params.tick;
  bool guards = soonest_guard <= now, overdue = soonest_overdue <= now;
  bool unplaced = shared.unplaced;
  if (guards) soonest_guard = NEVER;
  if (overdue) soonest_overdue = NEVER;
  shared.unplaced = 0;
  if (shared.agent_asleep && shared.asked_at && shared.asked_at + params.tick <= now)
    wake_agent(now);
  __s32 waiting = 0;
  int i;
  bpf_for(i, 0, params.domains) {
    if (unplaced) place_decided(i);
    if (overdue) raise_overdue(i, QUEUE_UNDECIDED, now);
    if (guards) raise_overdue(i, QUEUE_DECIDED, now);
    waiting += waiting_in(i);
  }
  if (waiting <= 0) {
    __u64 quiet = now > last_queued ? now - last_queued : 0;
    __sync_val_compare_and_swap(&clock_state, CLOCK_RUNS, CLOCK_LAZY);
    if (quiet > LAZY_FOR &&
        __sync_val_compare_and_swap(&clock_state, CLOCK_LAZY, CLOCK_STOPPED) == CLOCK_LAZY)
      return 0;
    bpf_timer_start(timer, most(params.tick, quiet / 2), 0);
    return 0;
  }
  clock_state = CLOCK_RUNS;
  bpf_for(i, 0, params.cpus) {
    __u64 end = end_slice(i, now);
    if (end < next) next = end;
  }
  __u64 wait = next - now;
  if (wait < params.min_slice / 2) wait = params.min_slice / 2;
  bpf_timer_start(timer, wait, 0);
  return 0;
}

/* Somebody is about to be queued. */
static __always_inline void watch_queues(__u64 now) {
  last_queued = now;
  if (clock_state == CLOCK_RUNS || __sync_lock_test_and_set(&clock_state, CLOCK_RUNS) == CLOCK_RUNS)
    return;
  __u32 key = 0;
  struct timer* t = bpf_map_lookup_elem(&queue_timer, &key);
  if (t) bpf_timer_start(&t->timer, params.min_slice, 0);
}

#endif /* QUANTA_BPF_TIMER_BPF_H */
