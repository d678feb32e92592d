/* Waking the agent: when somebody needs a decision, and no oftener than it is worth.
 *
 * The agent says that it sleeps before it looks into the ring a last time, and here an event is in
 * the ring before that is read: one of the two sees the other (submitting is a full barrier).
 */
#ifndef QUANTA_BPF_AGENT_BPF_H
#define QUANTA_BPF_AGENT_BPF_H

#include "tables.bpf.h"

struct timer {
  struct bpf_timer timer;
};

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, struct timer);
} agent_timer SEC(".maps");

static void wake_agent(__u64 now) {
  shared.agent_woken = now;
  count(QUANTA_COUNT_AGENT_WAKES);
  /* A discarded record wakes like any other and is skipped by the reader. */
  void* nudge = bpf_ringbuf_reserve(&events, 8, 0);
  if (nudge) bpf_ringbuf_discard(nudge, BPF_RB_FORCE_WAKEUP);
}

static int agent_is_due(void* map, int* key, struct bpf_timer* timer) {
  if (shared.agent_asleep) wake_agent(bpf_ktime_get_ns());
  return 0;
}

/* What is not `urgent` waits for the timer of the queues. */
static __always_inline void ask_agent(__u64 now, bool urgent) {
  if (!shared.asked_at) shared.asked_at = now;
  if (!shared.agent_asleep || !urgent) return;
  __u64 since = now - shared.agent_woken;
  if (since >= params.wake_interval) {
    wake_agent(now);
    return;
  }
  __u32 key = 0;
  struct timer* t = bpf_map_lookup_elem(&agent_timer, &key);
  if (t) bpf_timer_start(&t->timer, params.wake_interval - since, 0);
}

static __always_inline bool agent_is_silent(__u64 now) {
  __u64 asked = shared.asked_at, woken = shared.agent_woken;
  if (!asked) return false;
  if (!shared.agent_asleep) return now > asked + params.agent_timeout;
  return woken >= asked && now > woken + params.agent_timeout; /* else nobody has woken it yet */
}

static __always_inline bool is_agent(const struct task_struct* p) {
  return p->tgid == shared.agent;
}

#endif /* QUANTA_BPF_AGENT_BPF_H */
