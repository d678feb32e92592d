/* The network in integers: 16 inputs, two hidden layers of 16, four heads.
 *
 * Several products per multiplication (SIMD within a register): a word holds the weights of four
 * outputs in lanes of 16 bits, so that word * input adds to all four sums at once. Sums of signed
 * products stay exact as long as none leaves its lane, which is proven before weights get here.
 * Reads nothing but its arguments; plain C, so that user space has the same function.
 */
#ifndef QUANTA_BPF_POLICY_BPF_H
#define QUANTA_BPF_POLICY_BPF_H

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

/* Hides from the compiler what it knows of `v`: it would make branches of arithmetic, and the
 * verifier would walk every way through them.
 */
#define OPAQUE(v) asm volatile("" : "+r"(v))
/* Nothing is moved across: it would compute ahead what does not fit the registers. */
#define IN_ORDER() asm volatile("" ::: "memory")

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

/* One input of the network, less its greatest value: from -2 * MAX to 0. */
static __always_inline __s64 network_input(const struct quanta_network* n, __s64 x, int i) {
  __s64 z = (x * n->scale[i] + n->offset[i]) >> 16; /* from 0 on */
  return below_zero(above_zero(z) - 2LL * QUANTA_ACTIVATION_MAX);
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

/* A layer's outputs, in the order of memory: written in words, and read one by one, where shifting
 * and masking each out of its word takes three instructions.
 */
union quanta_outputs {
  __u64 words[4];
  __u16 each[QUANTA_HIDDEN];
};
QUANTA_ABI_ASSERT(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);

static __always_inline const __u16* outputs_of(const struct quanta_sums* sums,
                                               union quanta_outputs* outputs) {
  UNROLLED
  for (int i = 0; i < 4; ++i) outputs->words[i] = activate(sums->lanes[i]);
  OPAQUE(outputs); /* they are in memory from here on */
  IN_ORDER();
  return outputs->each;
}

static __always_inline void add_products(struct quanta_sums* sums, const __u64* weights, __s64 x) {
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
  return clamp_to(((__s64)lane - (1LL << 31)) >> shift, most);
}

/* `x`: the features, 256 = 1; `heads`: residuals, HEAD_UNIT = one octave. */
static __always_inline void evaluate(const struct quanta_network* n, const __s64* x, __s32* heads) {
  struct quanta_sums a = {{n->bias1[0], n->bias1[1], n->bias1[2], n->bias1[3]}};
  UNROLLED
  for (int i = 0; i < QUANTA_INPUTS; ++i) {
    add_products(&a, n->hidden1[i], network_input(n, x[i], i));
  }
  struct quanta_sums b = {{n->bias2[0], n->bias2[1], n->bias2[2], n->bias2[3]}};
  union quanta_outputs first_outputs, second_outputs;
  const __u16* first_layer = outputs_of(&a, &first_outputs);
  UNROLLED
  for (int i = 0; i < QUANTA_HIDDEN; ++i) add_products(&b, n->hidden2[i], first_layer[i]);
  __u64 first = n->bias3[0], second = n->bias3[1];
  const __u16* second_layer = outputs_of(&b, &second_outputs);
  UNROLLED
  for (int i = 0; i < QUANTA_HIDDEN; ++i) {
    __s64 h = second_layer[i];
    first += n->heads[i][0] * h;
    IN_ORDER();
    second += n->heads[i][1] * h;
    IN_ORDER();
  }
  __u32 shift = n->head_shift & 31;
  heads[QUANTA_HEAD_BURST] = head_of(first, shift, HEAD_MAX);
  heads[QUANTA_HEAD_ORDER] = head_of(first >> 32, shift, HEAD_MAX);
  heads[QUANTA_HEAD_PREEMPT] = head_of(second, shift, HEAD_MAX);
  heads[QUANTA_HEAD_SLICE] = head_of(second >> 32, shift, HEAD_MAX_SLICE);
}

#endif /* QUANTA_BPF_POLICY_BPF_H */
