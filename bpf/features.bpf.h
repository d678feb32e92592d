/* The network's inputs: agent/features/features.h in the kernel, with the same order, units and
 * integers.
 */
#ifndef QUANTA_BPF_FEATURES_BPF_H
#define QUANTA_BPF_FEATURES_BPF_H

#include "model.bpf.h"

/* log2, 256 = 1: piecewise linear between powers of two; 0 for v < 2. */
static __always_inline __s64 log2_of(__u64 v) {
  __s64 log = 0;
  __u64 rest = v;
  if (rest >> 32) rest >>= 32, log += 32;
  if (rest >> 16) rest >>= 16, log += 16;
  if (rest >> 8) rest >>= 8, log += 8;
  if (rest >> 4) rest >>= 4, log += 4;
  if (rest >> 2) rest >>= 2, log += 2;
  log += rest >> 1;
  /* The eight bits behind the first one. */
  __u64 bits = (v << (63 - log)) >> 55 & 255;
  return v < 2 ? 0 : log * 256 + bits;
}

/* One of 512 evenly spread numbers in [-256, 255]. */
static __always_inline __s64 spread(__u32 hash, int shift) {
  return (__s64)(hash >> shift & 511) - 256;
}

static __always_inline void extract(const struct quanta_task* t, const struct quanta_task* victim,
                                    const struct situation* s, __s64* x) {
  x[0] = log2_of(t->burst);
  x[1] = log2_of(t->last_burst);
  x[2] = log2_of(t->sleep);
  x[3] = log2_of(t->last_sleep);
  x[4] = log2_of(t->exec - t->slept_base);
  x[5] = log2_of(t->wait);
  x[6] = t->sync_share >> 8;
  x[7] = t->waker_kin;
  x[8] = !victim ? 0 : victim->name_hash == t->name_hash ? 256 : 64;
  x[9] = victim ? log2_of(s->victim_rem) : 0;
  x[10] = victim ? spread(victim->name_hash, 0) : 0;
  x[11] = log2_of(t->w >> 6) - 10 * 256;
  x[12] = t->involuntary_share >> 8;
  x[13] = log2_of(1 + (__u64)machine.waiting);
  x[14] = spread(t->name_hash, 9);
  x[15] = spread(t->name_hash, 18);
}

#endif /* QUANTA_BPF_FEATURES_BPF_H */
