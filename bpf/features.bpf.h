/* The network's inputs: agent/features/features.h in the kernel, with the same order, units and
 * integers.
 */
#ifndef QUANTA_BPF_FEATURES_BPF_H
#define QUANTA_BPF_FEATURES_BPF_H

#include "model.bpf.h"

/* One of 512 evenly spread numbers in [-256, 255]. */
static __always_inline __s64 spread(__u32 hash, int shift) {
  return (__s64)(hash >> shift & 511) - 256;
}

static __always_inline void extract(const struct quanta_task* t, const struct situation* s,
                                    __s64* x) {
  bool displaces = s->victim_cpu >= 0;
  x[0] = t->log_burst;
  x[1] = t->log_last_burst;
  x[2] = log2_of(t->sleep);
  x[3] = log2_of(t->last_sleep);
  x[4] = log2_of(t->exec - t->slept_base);
  x[5] = t->log_wait;
  x[6] = t->sync_share >> 8;
  x[7] = t->waker_kin;
  x[8] = !displaces ? 0 : s->victim_name == t->name_hash ? 256 : 64;
  x[9] = displaces ? log2_of(s->victim_rem) : 0;
  x[10] = displaces ? spread(s->victim_name, 0) : 0;
  x[11] = log2_of(t->w >> 6) - 10 * 256;
  x[12] = t->involuntary_share >> 8;
  x[13] = log2_of(1 + (__u64)machine.waiting);
  x[14] = spread(t->name_hash, 9);
  x[15] = spread(t->name_hash, 18);
}

#endif /* QUANTA_BPF_FEATURES_BPF_H */
