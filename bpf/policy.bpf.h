/* The network in integers: 16 inputs, two hidden layers of 16, four heads.
 *
 * Several products per multiplication (SIMD within a register): a word holds the weights of four
 * outputs in lanes of 16 bits, so that word * input adds to all four sums at once. Sums of signed
 * products stay exact as long as none leaves its lane, which is proven before weights get here.
 * Reads nothing but its arguments; plain C, so that user space has the same function.
 */
#ifndef QUANTA_BPF_POLICY_BPF_H
#define QUANTA_BPF_POLICY_BPF_H

#include "compiler.bpf.h"
#include "intf.h"

#define HEAD_UNIT 4096       /* one octave */
#define HEAD_MAX 13517       /* 3.3 octaves */
#define HEAD_MAX_SLICE 10240 /* 2.5 octaves */
#define LANES 0x0001000100010001ULL

#ifdef __clang__
#define UNROLLED _Pragma("unroll")
#else
#define UNROLLED _Pragma("GCC unroll 16")
#endif

/* v if it is below zero, else zero; v if above, else zero. Without a branch. */
static __always_inline __s64 below_zero(__s64 v) {
  __s64 negative = v >> 63;
  OPAQUE(negative);
  return v & negative;
}
static __always_inline __s64 above_zero(__s64 v) {
  __s64 negative = v >> 63;
  OPAQUE(negative);
  return v & ~negative;
}

static __always_inline __s64 clamp_to(__s64 v, __s64 most) {
  return below_zero(above_zero(v + most) - 2 * most) + most;
}

/* One input of the network, plus MAX: from 0 to 2 * MAX. Beyond its range is where a feature is
 * four standard deviations from its mean: rare, so that a branch is foretold.
 */
static __always_inline __u64 network_input(const struct quanta_network* n, __s64 x, int i) {
  __s64 z = (x * n->scale[i] + n->offset[i]) >> 16;
  if ((__u64)z > 2 * QUANTA_ACTIVATION_MAX) z = z < 0 ? 0 : 2 * QUANTA_ACTIVATION_MAX;
  OPAQUE(z);
  IN_ORDER();
  return z;
}

/* Of 15 bits of a sum, the lower seven are dropped, the next seven are the activation. */
QUANTA_ABI_ASSERT(QUANTA_ACTIVATION_SHIFT == 7 && QUANTA_ACTIVATION_MAX == 127);

/* Four activations out of four sums, in lanes: a sum's highest bit says that it is not negative,
 * the next one that it is then above the greatest activation.
 */
static __always_inline __u64 activate(__u64 sums) {
  __u64 sign = sums & (LANES << 15), ones = sign >> 15;
  OPAQUE(ones); /* faster in this order */
  __u64 positive = sums & (sign - ones);
  __u64 over = positive & (LANES << 14);
  over = (over >> 7) - (over >> 14);
  return ((positive >> QUANTA_ACTIVATION_SHIFT) | over) & (LANES * QUANTA_ACTIVATION_MAX);
}

struct quanta_sums {
  __u64 lanes[4];
};

/* What goes into a layer, in the order of memory: written in words, and read one by one, where
 * shifting and masking each out of its word takes three instructions. Not on the stack, of which
 * the verifier would follow every value.
 */
struct quanta_layers {
  __u8 inputs[QUANTA_INPUTS];
  union {
    __u64 words[4];
    __u16 each[QUANTA_HIDDEN];
  } hidden;
};
QUANTA_ABI_ASSERT(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);

static __always_inline void activate_all(const struct quanta_sums* sums,
                                         struct quanta_layers* layers) {
  UNROLLED
  for (int i = 0; i < 4; ++i) layers->hidden.words[i] = activate(sums->lanes[i]);
  IN_ORDER();
}

static __always_inline void add_products(struct quanta_sums* sums, const __u64* weights, __u64 x) {
  sums->lanes[0] += weights[0] * x;
  IN_ORDER();
  sums->lanes[1] += weights[1] * x;
  IN_ORDER();
  sums->lanes[2] += weights[2] * x;
  IN_ORDER();
  sums->lanes[3] += weights[3] * x;
  IN_ORDER();
}

static __always_inline __s32 head_of(__u32 lane, __u32 shift, __s64 most) {
  __s64 head = ((__s64)lane - (1LL << 31)) >> shift;
  if (head > most) head = most;
  if (head < -most) head = -most;
  IN_ORDER();
  return head;
}

/* `x`: the features, 256 = 1; `heads`: residuals, HEAD_UNIT = one octave. */
static __always_inline void evaluate(const struct quanta_network* n, const __s64* x,
                                     struct quanta_layers* layers, __s32* heads) {
  OPAQUE(n);
  OPAQUE(layers);
  UNROLLED
  for (int i = 0; i < QUANTA_INPUTS; ++i) layers->inputs[i] = network_input(n, x[i], i);
  struct quanta_sums a = {{n->bias1[0], n->bias1[1], n->bias1[2], n->bias1[3]}};
  UNROLLED
  for (int i = 0; i < QUANTA_INPUTS; ++i) add_products(&a, n->hidden1[i], layers->inputs[i]);
  activate_all(&a, layers);
  struct quanta_sums b = {{n->bias2[0], n->bias2[1], n->bias2[2], n->bias2[3]}};
  UNROLLED
  for (int i = 0; i < QUANTA_HIDDEN; ++i) add_products(&b, n->hidden2[i], layers->hidden.each[i]);
  activate_all(&b, layers);
  __u64 first = n->bias3[0], second = n->bias3[1];
  UNROLLED
  for (int i = 0; i < QUANTA_HIDDEN; ++i) {
    __u64 h = layers->hidden.each[i];
    first += n->heads[i][0] * h;
    IN_ORDER();
    second += n->heads[i][1] * h;
    IN_ORDER();
  }
  OPAQUE(first);
  OPAQUE(second);
  __u32 shift = n->head_shift & 31;
  heads[QUANTA_HEAD_BURST] = head_of(first, shift, HEAD_MAX);
  heads[QUANTA_HEAD_ORDER] = head_of(first >> 32, shift, HEAD_MAX);
  heads[QUANTA_HEAD_PREEMPT] = head_of(second, shift, HEAD_MAX);
  heads[QUANTA_HEAD_SLICE] = head_of(second >> 32, shift, HEAD_MAX_SLICE);
}

#endif /* QUANTA_BPF_POLICY_BPF_H */
