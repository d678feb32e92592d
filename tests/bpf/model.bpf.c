/* Feeds a stream of events to the policy in the kernel, through bpf_prog_test_run: what it knows of
 * tasks and what it decides, without a scheduler.
 */
#pragma clang diagnostic ignored "-Wunused-function" /* of the queues */
/* The machine of the stream is not the one that this runs on. */
#define may_run_on may_run_on_here
#include "../../bpf/scx.bpf.h"
#undef may_run_on
static __always_inline bool may_run_on(const struct task_struct* p, __s32 cpu) {
  return true;
}

#include "../../bpf/judge.bpf.h"

#include "model.h"
#include "repeat.h"

char LICENSE[] SEC("license") = "GPL";

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(map_flags, BPF_F_MMAPABLE);
  __uint(max_entries, MOST_STEPS);
  __type(key, __u32);
  __type(value, struct model_step);
} steps SEC(".maps");

static __always_inline struct model_step* step_at(__u32 i) {
  return bpf_map_lookup_elem(&steps, &i);
}

static __always_inline void name(struct quanta_task* t, const struct model_step* step) {
  t->process = step->process;
  t->class_weight = step->class_weight;
  __builtin_memcpy(t->comm, step->comm, sizeof(t->comm));
  t->name_hash = hash_name(t->comm);
}

static __always_inline void decide_step(struct quanta_task* t, struct model_step* step,
                                        bool record) {
  __u32 key = 0;
  struct desk* d = bpf_map_lookup_elem(&desks, &key);
  if (!d) return;
  t->guard = guard_of(t);
  d->situation.now = step->event.time;
  d->record = record;
  judge(bpf_get_current_task_btf(), t, d);
  t->slice = d->verdict.slice;
  step->judged = d->judgement;
  step->judged.key = d->verdict.key;
  step->judged.guard = t->guard;
  step->judged.slice = d->verdict.slice;
  step->judged.victim = d->situation.victim;
  step->preempt_cpu = d->verdict.preempt_cpu;
}

static __always_inline void take_step(struct model_step* step, bool record) {
  const struct quanta_event* e = &step->event;
  struct quanta_task* t = task_in(e->slot);
  if (!t) return;
  struct quanta_cpu* c = cpu_at(e->cpu);
  switch (e->kind) {
    case QUANTA_EVENT_NEW:
      __builtin_memset(t, 0, sizeof(*t));
      t->reported_cpu = QUANTA_NO_CPU;
      t->weight = step->weight;
      name(t, step);
      track_new(t, e->time);
      break;
    case QUANTA_EVENT_EXEC:
      name(t, step);
      track_weight(t, step->weight);
      t->weight = step->weight;
      track_change(t, e->slot);
      break;
    case QUANTA_EVENT_EXIT:
      track_exit(t);
      break;
    case QUANTA_EVENT_WAKE:
    case QUANTA_EVENT_ENQUEUE:
      t->asleep = (e->flags & QUANTA_EVENT_WAKEUP) != 0;
      t->woken_sync = (e->flags & QUANTA_EVENT_SYNC) != 0;
      t->waker = e->other;
      track_runnable(t, e->time);
      t->asleep = 0;
      if (e->kind == QUANTA_EVENT_ENQUEUE)
        decide_step(t, step, record);
      else if (e->flags & QUANTA_EVENT_WAKEUP)
        t->slice = params.default_slice;
      break;
    case QUANTA_EVENT_START:
      if (!c) break;
      t->run_base = t->exec;
      c->reported = e->slot;
      t->reported_cpu = e->cpu;
      c->run_started = e->time;
      c->slice_end = e->time + t->slice;
      track_start(t, c, e->time);
      break;
    case QUANTA_EVENT_STOP: {
      if (!c) break;
      c->reported = QUANTA_NO_SLOT;
      t->reported_cpu = QUANTA_NO_CPU;
      t->exec = t->run_base + e->ran;
      bool sleeps = e->reason == QUANTA_STOP_SLEEP || e->reason == QUANTA_STOP_EXIT;
      track_stop(t, e->time, e->ran, sleeps);
      if (sleeps) t->slept_base = t->exec;
      break;
    }
  }
}

SEC("syscall")
int take_steps(struct model_run* run) {
  int i;
  bpf_for(i, 0, run->count) {
    struct model_step* step = step_at(run->first + i);
    if (step) take_step(step, !run->unseen);
  }
  return 0;
}

/* One decision again and again: `first` is an ENQUEUE that take_steps() has taken last. */
SEC("syscall")
int time_decision(struct model_run* run) {
  struct model_step* step = step_at(run->first);
  if (!step) return 1;
  struct quanta_task* t = task_in(step->event.slot);
  if (!t) return 1;
  __u32 key = 0;
  struct desk* d = bpf_map_lookup_elem(&desks, &key);
  if (!d) return 1;
  d->situation.now = step->event.time;
  d->record = false;
  __u64 start = bpf_ktime_get_ns();
  REPEAT(run->count) {
    t->guard = guard_of(t);
    judge(bpf_get_current_task_btf(), t, d);
  }
  run->ns = bpf_ktime_get_ns() - start;
  return 0;
}
