/* What happens to tasks, as events for the agent, in an order in which each task's make sense: new,
 * runnable, start, stop, exit.
 *
 * A task that is merely interrupted (by a real-time task such as the agent, or a change of its
 * settings) and goes on on the same CPU has not stopped.
 *
 * Only where interrupts are off: an event that a preempted task is writing holds up all behind it.
 */
#ifndef QUANTA_BPF_REPORT_BPF_H
#define QUANTA_BPF_REPORT_BPF_H

#include "tracker.bpf.h"

#define DECIDES_HERE (params.mode == QUANTA_DISPATCH_KERNEL)

static __always_inline struct quanta_conduct conduct_now(void) {
  __u64 word = *(volatile __u64*)&shared.conduct;
  struct quanta_conduct conduct;
  __builtin_memcpy(&conduct, &word, sizeof(conduct));
  return conduct;
}

/* Somebody takes in what happens. Who decides in the kernel goes on without. */
static __always_inline bool is_observed(__u64 now) {
  return !DECIDES_HERE ||
         (conduct_now().observe && now < *(volatile __u64*)&shared.agent_seen + params.heartbeat);
}

static __always_inline bool send(struct quanta_event* event) {
  if (bpf_ringbuf_output(&events, event, sizeof(*event), BPF_RB_NO_WAKEUP) == 0) return true;
  count(QUANTA_COUNT_EVENTS_LOST);
  return false;
}

static __always_inline bool report(__u64 now, __u32 slot, __u32 kind, __u32 other, __s32 cpu,
                                   __u32 flags) {
  struct quanta_event event = {
      .time = now, .slot = slot, .other = other, .cpu = cpu, .kind = kind, .flags = flags};
  return send(&event);
}

static __always_inline bool report_enqueue(__u64 now, __u32 slot, struct quanta_task* t,
                                           __u32 flags) {
  struct quanta_event event = {.time = now,
                               .slot = slot,
                               .other = t->waker,
                               .generation = t->generation,
                               .cpu = QUANTA_NO_CPU,
                               .kind = QUANTA_EVENT_ENQUEUE,
                               .flags = flags};
  return send(&event);
}

/* Of its name, weight or process. */
static __always_inline void report_changes(__u64 now, __u32 slot, struct quanta_task* t) {
  if (!t->changed) return;
  t->changed = 0;
  if (is_observed(now)) report(now, slot, QUANTA_EVENT_EXEC, QUANTA_NO_SLOT, QUANTA_NO_CPU, 0);
}

/* If START said that it runs: whoever takes it off its CPU's record says that it stopped. */
static __noinline void report_stop(__u64 now, __u32 slot, struct quanta_task* t, __u32 reason) {
  __s32 cpu = t->reported_cpu;
  if (cpu == QUANTA_NO_CPU) return;
  struct quanta_cpu* c = cpu_at(cpu);
  if (!c || __sync_val_compare_and_swap(&c->reported, slot, QUANTA_NO_SLOT) != slot) return;
  t->reported_cpu = QUANTA_NO_CPU;
  __u64 ran = t->exec - t->run_base;
  if (DECIDES_HERE)
    track_stop(t, now, ran, reason == QUANTA_STOP_SLEEP || reason == QUANTA_STOP_EXIT);
  if (!is_observed(now)) return;
  struct quanta_event event = {.time = now,
                               .slot = slot,
                               .other = QUANTA_NO_SLOT,
                               .ran = ran,
                               .cpu = cpu,
                               .kind = QUANTA_EVENT_STOP,
                               .reason = reason};
  send(&event);
}

/* Runnable, and already on its way to a CPU. */
static __noinline void report_wake(__u64 now, __u32 slot, struct quanta_task* t, __s32 cpu) {
  __u32 flags = 0;
  if (t->asleep) flags = QUANTA_EVENT_WAKEUP | (t->woken_sync ? QUANTA_EVENT_SYNC : 0);
  if (DECIDES_HERE) track_runnable(t, now);
  __u32 waker = t->waker;
  t->asleep = 0;
  t->waker = QUANTA_NO_SLOT;
  t->undecided = 0;
  if (is_observed(now)) report(now, slot, QUANTA_EVENT_WAKE, waker, cpu, flags);
}

static __always_inline void report_start(__u64 now, __u32 slot, struct quanta_task* t,
                                         struct quanta_cpu* c, __s32 cpu) {
  __u32 other = c->reported;
  if (other != QUANTA_NO_SLOT && other != slot) {
    /* Interrupted, and somebody else comes first: it waits in this CPU's own queue. */
    struct quanta_task* o = task_in(other);
    if (o) {
      report_stop(now, other, o, QUANTA_STOP_PREEMPTED);
      report_wake(now, other, o, cpu);
    }
  }
  if (t->reported_cpu == cpu && c->reported == slot) return;
  if (t->reported_cpu != QUANTA_NO_CPU) report_stop(now, slot, t, QUANTA_STOP_PREEMPTED);
  if (t->asleep) report_wake(now, slot, t, cpu); /* came without passing through the queues */
  __u32 flags = t->undecided ? QUANTA_EVENT_UNDECIDED : 0;
  if (t->undecided) count(QUANTA_COUNT_UNDECIDED);
  t->undecided = 0;
  c->run_started = now;
  if (DECIDES_HERE) track_start(t, c, now);
  c->reported = slot; /* after all that is said of it */
  t->reported_cpu = cpu;
  if (is_observed(now)) report(now, slot, QUANTA_EVENT_START, QUANTA_NO_SLOT, cpu, flags);
}

#endif /* QUANTA_BPF_REPORT_BPF_H */
