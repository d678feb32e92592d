/* The mechanism: tasks that find an idle CPU go there at once; all others wait in queues, undecided
 * until the agent has decided them (queues.bpf.h). Events go up a ring (report.bpf.h), decisions
 * come down a table that `apply` takes up once per batch.
 */
#include "heuristic.bpf.h"
#include "judge.bpf.h"
#include "timer.bpf.h"

char LICENSE[] SEC("license") = "GPL";

#define QUANTA_OPS(name, args...) \
  SEC("struct_ops/" #name)        \
  BPF_PROG(name, ##args)
#define QUANTA_OPS_SLEEPABLE(name, args...) \
  SEC("struct_ops.s/" #name)                \
  BPF_PROG(name, ##args)

#define MOST_VICTIMS 3                     /* that one task looks for */
#define HELPER_DELAY (50ULL * 1000 * 1000) /* the agent's other threads come this much later */

/* Who wakes `p`, as far as that is a task: interrupts wake in nobody's name. */
static __always_inline void note_waker(struct quanta_task* t, __u64 wake_flags) {
  struct task_struct* waker = bpf_get_current_task_btf();
  t->waker = in_interrupt(waker) ? QUANTA_NO_SLOT : slot_of(waker);
  t->woken_sync = (wake_flags & SCX_WAKE_SYNC) != 0;
}

/* False: surely none. Much cheaper than to search for one in vain. */
static __always_inline bool some_cpu_may_be_idle(void) {
  if (!bpf_ksym_exists(scx_bpf_get_idle_cpumask)) return true;
  const struct cpumask* idle = scx_bpf_get_idle_cpumask();
  bool empty = bpf_cpumask_empty(idle);
  scx_bpf_put_idle_cpumask(idle);
  return !empty;
}

/* Runnable and not to be decided: to this CPU, or behind what is decided by `delay`. */
static __always_inline void pass(struct task_struct* p, struct quanta_task* t, __u32 slot,
                                 __u64 now, __u64 delay) {
  if (t) {
    t->guard = now + delay + params.undecided_timeout;
    t->order = now + delay;
    report_wake(now, slot, t, QUANTA_NO_CPU);
  }
  insert_ordered(p, queue_id(domain_of(scx_bpf_task_cpu(p)), QUEUE_DECIDED), params.default_slice,
                 now + delay, 0);
}

static __always_inline void enqueue_undecided(struct task_struct* p, struct quanta_task* t,
                                              __u32 slot, __u64 now) {
  bool woken = t->asleep;
  __u32 flags = woken ? QUANTA_EVENT_WAKEUP | (t->woken_sync ? QUANTA_EVENT_SYNC : 0) : 0;
  /* Who would not even displace anybody by the heuristic can wait for the next batch. */
  __s32 victim = woken ? heuristic_victim(p, t, now) : QUANTA_NO_CPU;
  if (agent_is_silent(now)) {
    count(QUANTA_COUNT_AGENT_LATE);
    if (heuristic_preempt(p, t, slot, victim, now)) return;
  }
  t->asleep = 0;
  t->undecided = 1;
  if (now + params.undecided_timeout < soonest_overdue)
    soonest_overdue = now + params.undecided_timeout;
  if (report_enqueue(now, slot, t, flags)) {
    insert_ordered(p, queue_id(domain_of(scx_bpf_task_cpu(p)), QUEUE_UNDECIDED),
                   params.default_slice, t->deadline, 0);
  } else {
    t->undecided = 0;
    t->guard = now + params.undecided_timeout;
    t->order = now;
    insert_ordered(p, queue_id(domain_of(scx_bpf_task_cpu(p)), QUEUE_DECIDED), params.default_slice,
                   now, 0);
  }
  ask_agent(now, victim >= 0);
}

static __always_inline void enqueue_by_heuristic(struct task_struct* p, struct quanta_task* t,
                                                 __u32 slot, __u64 now) {
  __s32 victim = t->asleep ? heuristic_victim(p, t, now) : QUANTA_NO_CPU;
  if (heuristic_preempt(p, t, slot, victim, now)) return;
  t->slice = HEURISTIC_SLICE;
  t->guard = NEVER;
  t->order = t->deadline;
  report_wake(now, slot, t, QUANTA_NO_CPU);
  insert_ordered(p, queue_id(domain_of(scx_bpf_task_cpu(p)), QUEUE_DECIDED), HEURISTIC_SLICE,
                 t->deadline, 0);
}

static __always_inline void report_judged(__u64 now, __u32 slot, struct quanta_task* t, __u32 flags,
                                          struct desk* d) {
  if (!is_observed(now)) return;
  struct quanta_judgement* j = &d->judgement;
  j->event = (struct quanta_event){.time = now,
                                   .slot = slot,
                                   .other = t->waker,
                                   .generation = t->generation,
                                   .cpu = d->verdict.preempt_cpu,
                                   .kind = QUANTA_EVENT_ENQUEUE,
                                   .flags = flags | QUANTA_EVENT_JUDGED};
  if (!d->record) {
    send(&j->event);
    return;
  }
  j->key = d->verdict.key;
  j->guard = t->guard;
  j->slice = d->verdict.slice;
  j->victim = d->verdict.preempt_cpu >= 0 ? d->situation.victim : QUANTA_NO_SLOT;
  if (bpf_ringbuf_output(&events, j, sizeof(*j), BPF_RB_NO_WAKEUP)) count(QUANTA_COUNT_EVENTS_LOST);
}

/* Wanted, and the ring has room. */
static __always_inline bool is_recorded(__u64 now) {
  if (!is_observed(now) || !draws(params.record_share)) return false;
  if (bpf_ringbuf_query(&events, BPF_RB_AVAIL_DATA) <
      bpf_ringbuf_query(&events, BPF_RB_RING_SIZE) / 2)
    return true;
  count(QUANTA_COUNT_THINNED);
  return false;
}

/* The CPU whose occupant is to go, claimed; QUANTA_NO_CPU: nobody is. Where somebody else has just
 * decided on the same CPU, or still waits in its queue, there may be another one.
 */
static __noinline __s32 judge_and_claim(struct task_struct* p, struct quanta_task* t,
                                        struct desk* d) {
  for (int i = 0; i < MOST_VICTIMS; ++i) {
    judge(p, t, d);
    __s32 cpu = d->verdict.preempt_cpu;
    struct quanta_cpu* c = cpu >= 0 ? cpu_at(cpu) : NULL;
    if (!c) break;
    bool taken = is_waited_for(cpu);
    __u32 cause = taken ? QUANTA_STOP_SLICE_END : QUANTA_STOP_PREEMPTED;
    if (claim(c, d->situation.now, cause) && !taken) return cpu;
  }
  return d->verdict.preempt_cpu = QUANTA_NO_CPU;
}

/* Returns the CPU whose occupant it preempts, or QUANTA_NO_CPU. */
static __noinline __s32 decide_by_policy(struct task_struct* p, struct quanta_task* t, __u32 slot,
                                         __u64 now) {
  __u32 key = 0;
  struct desk* d = bpf_map_lookup_elem(&desks, &key);
  if (!d) return QUANTA_NO_CPU;
  __u32 flags = 0;
  if (t->asleep) flags = QUANTA_EVENT_WAKEUP | (t->woken_sync ? QUANTA_EVENT_SYNC : 0);
  track_runnable(t, now);
  t->asleep = 0;
  t->guard = guard_of(t);
  d->situation.now = now;
  d->record = is_recorded(now);
  __s32 cpu = judge_and_claim(p, t, d);
  report_judged(now, slot, t, flags, d);
  t->waker = QUANTA_NO_SLOT;
  count(QUANTA_COUNT_JUDGED);
  t->slice = d->verdict.slice;
  t->order = d->verdict.key;
  if (cpu < 0 && t->guard < soonest_guard) soonest_guard = t->guard;
  return cpu;
}

static __always_inline void enqueue_by_policy(struct task_struct* p, struct quanta_task* t,
                                              __u32 slot, __u64 now) {
  __s32 cpu = decide_by_policy(p, t, slot, now);
  if (cpu >= 0)
    insert(p, SCX_DSQ_LOCAL_ON | cpu, t->slice, ENQ_PREEMPT);
  else
    insert_ordered(p, queue_id(domain_of(scx_bpf_task_cpu(p)), QUEUE_DECIDED), t->slice, t->order,
                   0);
}

/* Decides about a task before the kernel has put it on a CPU, and returns that CPU: the victim's,
 * or this one, whose occupant often sleeps after waking `p` and is followed by it. A CPU that takes
 * a task which waits on another pays for a move.
 */
static __always_inline __s32 place_waking(struct task_struct* p, struct quanta_task* t, __u32 slot,
                                          __s32 cpu) {
  __u64 now = bpf_ktime_get_ns();
  report_changes(now, slot, t);
  ++t->generation;
  t->enqueued_at = now;
  __s32 victim = decide_by_policy(p, t, slot, now);
  watch_queues(now);
  if (victim >= 0) {
    insert(p, SCX_DSQ_LOCAL, t->slice, ENQ_PREEMPT);
    return victim;
  }
  __s32 here = bpf_get_smp_processor_id(), domain = domain_of(cpu);
  if (domain_of(here) == domain && may_run_on(p, here)) cpu = here;
  insert_ordered(p, queue_id(domain, QUEUE_DECIDED), t->slice, t->order, 0);
  return cpu;
}

__s32 QUANTA_OPS(quanta_select_cpu, struct task_struct* p, __s32 prev_cpu, __u64 wake_flags) {
  bool idle = false;
  __s32 cpu = prev_cpu;
  if (some_cpu_may_be_idle()) cpu = scx_bpf_select_cpu_dfl(p, prev_cpu, wake_flags, &idle);
  __u32 slot = slot_of(p);
  struct quanta_task* t = task_in(slot);
  if (t) note_waker(t, wake_flags);
  if (!idle) {
    if (!t) return cpu;
    if (DECIDES_HERE && !(p->flags & PF_KTHREAD) && !is_agent(p))
      return place_waking(p, t, slot, cpu);
    t->looked_for_idle = 1;
    return cpu;
  }
  if (t) {
    __u64 now = bpf_ktime_get_ns();
    t->slice = params.default_slice;
    report_wake(now, slot, t, cpu);
  }
  insert(p, SCX_DSQ_LOCAL, params.default_slice, 0);
  return cpu;
}

void QUANTA_OPS(quanta_enqueue, struct task_struct* p, __u64 enq_flags) {
  /* Not real-time: see env/live. */
  if (!DECIDES_HERE && is_agent(p) && p->pid == shared.hot_thread) {
    insert(p, SCX_DSQ_LOCAL, params.default_slice, ENQ_PREEMPT);
    return;
  }
  __u64 now = bpf_ktime_get_ns();
  __u32 slot = slot_of(p);
  struct quanta_task* t = task_in(slot);
  if (t && !CAN_WALK_QUEUES && (enq_flags & ENQ_REENQ)) {
    enqueue_again(p, t, slot, now);
    return;
  }
  if (t) {
    report_changes(now, slot, t);
    __s32 was_on = t->reported_cpu;
    struct quanta_cpu* c = was_on >= 0 ? cpu_at(was_on) : NULL;
    __u32 cause = QUANTA_STOP_SLICE_END;
    if (c && is_claimed(c, now)) cause = c->cause;
    report_stop(now, slot, t, cause);
    ++t->generation;
    t->enqueued_at = now;
    t->slice = params.default_slice;
    if (!DECIDES_HERE) heuristic_charge(t);
  }
  __s32 cpu = QUANTA_NO_CPU;
  if (t && t->looked_for_idle) {
    t->looked_for_idle = 0;
  } else {
    cpu = claim_idle_cpu(p);
  }
  if (cpu >= 0) {
    if (t) report_wake(now, slot, t, cpu);
    insert(p, SCX_DSQ_LOCAL_ON | cpu, params.default_slice, 0);
    return;
  }
  if (p->flags & PF_KTHREAD) {
    if (is_pinned(p)) { /* this CPU's own helpers: what they hold up is the kernel itself */
      if (t) report_wake(now, slot, t, scx_bpf_task_cpu(p));
      insert(p, SCX_DSQ_LOCAL, params.default_slice, ENQ_PREEMPT);
      return;
    }
    pass(p, t, slot, now, 0);
  } else if (!t) {
    pass(p, t, slot, now, 0);
  } else if (is_agent(p) && p->pid != shared.hot_thread) {
    pass(p, t, slot, now, HELPER_DELAY);
  } else if (DECIDES_HERE) {
    enqueue_by_policy(p, t, slot, now);
  } else if (params.mode == QUANTA_DISPATCH_HEURISTIC) {
    enqueue_by_heuristic(p, t, slot, now);
  } else {
    enqueue_undecided(p, t, slot, now);
  }
  watch_queues(now);
}

static __noinline bool take_from_another_domain(__s32 own) {
  int domain;
  bpf_for(domain, 0, params.domains) {
    if (domain != own && take_from_domain(domain)) return true;
  }
  return false;
}

void QUANTA_OPS(quanta_dispatch, __s32 cpu, struct task_struct* prev) {
  struct quanta_cpu* c = cpu_at(cpu);
  if (!c) return;
  __s32 own = c->domain;
  if (!take_from_domain(own) && params.domains > 1) take_from_another_domain(own);
}

void QUANTA_OPS(quanta_running, struct task_struct* p) {
  __s32 cpu = bpf_get_smp_processor_id();
  struct quanta_cpu* c = cpu_at(cpu);
  if (!c) return;
  __u64 now = bpf_ktime_get_ns();
  __u32 slot = slot_of(p);
  struct quanta_task* t = task_in(slot);
  if (!t) {
    c->run_started = now;
    c->slice_end = now + params.default_slice;
    return;
  }
  t->exec = p->se.sum_exec_runtime;
  if (t->reported_cpu != cpu) t->run_base = t->exec;
  report_start(now, slot, t, c, cpu);
  __u64 ran = t->exec - t->run_base;
  c->slice_end = now + (t->slice > ran ? t->slice - ran : 0);
}

/* Without this one the kernel does not bring sum_exec_runtime up to date for quanta_quiescent(). */
void QUANTA_OPS(quanta_stopping, struct task_struct* p, bool runnable) {
  struct quanta_cpu* c = cpu_at(bpf_get_smp_processor_id());
  if (c) c->slice_end = 0;
  if (!runnable) return;
  struct quanta_task* t = task_in(slot_of(p));
  if (t) t->exec = p->se.sum_exec_runtime;
}

void QUANTA_OPS(quanta_quiescent, struct task_struct* p, __u64 deq_flags) {
  if (!(deq_flags & DEQ_SLEEP)) return;
  __u32 slot = slot_of(p);
  struct quanta_task* t = task_in(slot);
  if (!t) return;
  __u64 now = bpf_ktime_get_ns();
  t->exec = p->se.sum_exec_runtime;
  report_changes(now, slot, t);
  report_stop(now, slot, t, p->__state & TASK_DEAD ? QUANTA_STOP_EXIT : QUANTA_STOP_SLEEP);
  if (!DECIDES_HERE) heuristic_charge(t);
  t->slept_base = t->exec;
  t->asleep = 1;
}

static __always_inline void describe(struct quanta_task* t, struct task_struct* p) {
  t->nice = p->static_prio - NICE_0_STATIC_PRIO;
  __u32 weight = (__u64)p->scx.weight * 1024 / 100;
  if (DECIDES_HERE) track_weight(t, weight);
  t->weight = weight;
  t->uid = BPF_CORE_READ(p, real_cred, uid.val);
  t->cgroup = BPF_CORE_READ(p, cgroups, dfl_cgrp, kn, id);
  t->pid = p->pid;
  t->process = p->tgid;
  t->kernel_thread = (p->flags & PF_KTHREAD) != 0;
}

/* Noted now and reported by report_changes(): whoever is here may be preempted, and if that happens
 * while it writes an event, the real-time agent that takes its CPU waits for that event for ever.
 */
static __always_inline void note_change(struct task_struct* p, const char* comm) {
  __u32 slot = slot_of(p);
  struct quanta_task* t = task_in(slot);
  if (!t) return;
  describe(t, p);
  if (comm) {
    bpf_probe_read_kernel_str(t->comm, sizeof(t->comm), comm);
    t->name_hash = hash_name(t->comm);
  }
  t->changed = 1;
  track_change(t, slot);
}

void QUANTA_OPS(quanta_set_weight, struct task_struct* p, __u32 weight) {
  struct quanta_task* t = task_in(slot_of(p));
  if (t && t->weight != (__u64)weight * 1024 / 100) note_change(p, NULL);
}

/* Thread names as well as exec; the tracepoint fires before the name is stored. */
SEC("tp_btf/task_rename")
int BPF_PROG(quanta_rename, struct task_struct* p, const char* comm) {
  note_change(p, comm);
  return 0;
}

/* A thread that executes a program takes over its leader's id. */
SEC("tp_btf/sched_process_exec")
int BPF_PROG(quanta_exec, struct task_struct* p, int old_pid) {
  note_change(p, NULL);
  return 0;
}

__s32 QUANTA_OPS_SLEEPABLE(quanta_init_task, struct task_struct* p,
                           struct scx_init_task_args* args) {
  __u32* slot = bpf_task_storage_get(&slots, p, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
  if (!slot) return -12; /* ENOMEM */
  *slot = QUANTA_NO_SLOT;
  return 0;
}

void QUANTA_OPS(quanta_enable, struct task_struct* p) {
  __u32* place = bpf_task_storage_get(&slots, p, 0, 0);
  if (!place) return;
  __u32 slot;
  if (bpf_map_pop_elem(&free_slots, &slot)) {
    count(QUANTA_COUNT_NO_SLOT);
    return;
  }
  struct quanta_task* t = task_in(slot);
  if (!t) return;
  __u32 generation = t->generation;
  __builtin_memset(t, 0, sizeof(*t));
  t->generation = generation; /* a decision for the slot's last task must not fit */
  t->asleep = 1;
  t->reported_cpu = QUANTA_NO_CPU;
  t->waker = QUANTA_NO_SLOT;
  t->slice = params.default_slice;
  t->guard = NEVER;
  t->exec = t->charged = t->slept_base = p->se.sum_exec_runtime;
  t->vruntime = shared.vruntime_now;
  describe(t, p);
  bpf_probe_read_kernel(t->comm, sizeof(t->comm), p->comm);
  t->name_hash = hash_name(t->comm);
  __u64 now = bpf_ktime_get_ns();
  track_new(t, now);
  *place = slot;
  report(now, slot, QUANTA_EVENT_NEW, t->pid, QUANTA_NO_CPU, 0);
}

void QUANTA_OPS(quanta_disable, struct task_struct* p) {
  __u32* place = bpf_task_storage_get(&slots, p, 0, 0);
  if (!place) return;
  __u32 slot = *place;
  struct quanta_task* t = task_in(slot);
  if (!t) return;
  *place = QUANTA_NO_SLOT;
  t->exec = p->se.sum_exec_runtime;
  __u64 now = bpf_ktime_get_ns();
  report_stop(now, slot, t, QUANTA_STOP_EXIT);
  if (DECIDES_HERE) track_exit(t);
  __u32 pid = t->pid;
  t->pid = 0; /* the slot is free */
  report(now, slot, QUANTA_EVENT_EXIT, pid, QUANTA_NO_CPU, 0);
  bpf_map_push_elem(&free_slots, &slot, 0);
}

__s32 QUANTA_OPS_SLEEPABLE(quanta_init) {
  int i;
  bpf_for(i, 0, params.domains * QUEUES) {
    __s32 error = scx_bpf_create_dsq(i, -1);
    if (error) return error;
  }
  __u32 key = 0;
  struct timer* t = bpf_map_lookup_elem(&queue_timer, &key);
  if (!t) return -22; /* EINVAL */
  bpf_timer_init(&t->timer, &queue_timer, 1 /* CLOCK_MONOTONIC */);
  bpf_timer_set_callback(&t->timer, tick);
  t = bpf_map_lookup_elem(&agent_timer, &key);
  if (!t) return -22;
  bpf_timer_init(&t->timer, &agent_timer, 1);
  bpf_timer_set_callback(&t->timer, agent_is_due);
  return 0;
}

void QUANTA_OPS(quanta_exit, struct scx_exit_info* info) {
  bpf_probe_read_kernel_str(shared.exit_reason, sizeof(shared.exit_reason), info->reason);
  bpf_probe_read_kernel_str(shared.exit_message, sizeof(shared.exit_message), info->msg);
  shared.exit_code = info->exit_code;
  __sync_lock_test_and_set(&shared.exit_kind, info->kind); /* last: the rest is complete */
  void* nudge = bpf_ringbuf_reserve(&events, 8, 0);
  if (nudge) bpf_ringbuf_discard(nudge, BPF_RB_FORCE_WAKEUP);
}

/* Run by the thread that decides, before the scheduler is attached: in a PID namespace it does not
 * know its own ids.
 */
SEC("syscall")
int introduce(void* context) {
  __u64 ids = bpf_get_current_pid_tgid();
  shared.agent = ids >> 32;
  shared.hot_thread = (__u32)ids;
  return 0;
}

/* Run by the agent once per batch of decisions. */
SEC("syscall")
int apply(void* context) {
  __u32 applied = 0;
  int domain;
  bpf_for(domain, 0, params.domains) applied += place_decided(domain);
  shared.applied = applied;
  return 0;
}

SEC(".struct_ops.link")
struct sched_ext_ops quanta = {
    .select_cpu = (void*)quanta_select_cpu,
    .enqueue = (void*)quanta_enqueue,
    .dispatch = (void*)quanta_dispatch,
    .running = (void*)quanta_running,
    .stopping = (void*)quanta_stopping,
    .quiescent = (void*)quanta_quiescent,
    .set_weight = (void*)quanta_set_weight,
    .init_task = (void*)quanta_init_task,
    .enable = (void*)quanta_enable,
    .disable = (void*)quanta_disable,
    .init = (void*)quanta_init,
    .exit = (void*)quanta_exit,
    .timeout_ms = 10000,
    .name = "quanta",
};
