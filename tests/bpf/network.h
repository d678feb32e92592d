/* What tests/bpf/network.bpf.c and its users share. */
#ifndef QUANTA_TESTS_BPF_NETWORK_H
#define QUANTA_TESTS_BPF_NETWORK_H

#include "../../bpf/policy.bpf.h"

#define MOST_CASES 1024

struct network_case {
  struct quanta_network network;
  __s64 x[QUANTA_INPUTS]; /* features, 256 = 1 */
  struct quanta_layers layers;
  __s32 heads[QUANTA_HEADS]; /* out */
};

struct network_run {
  __s32 count; /* cases, or repetitions of the first one */
  __u32 pad;
  __u64 ns; /* out: how long they took */
};

/* A network with one weight per word. */
struct plain_network {
  __s32 hidden1[16][16], bias1[16];
  __s32 hidden2[16][16], bias2[16];
  __s32 heads[16][16], bias3[16];
};

#endif
