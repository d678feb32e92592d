/* Runs the network in the kernel, through bpf_prog_test_run: results of a batch, and time. */
#include "../../bpf/kernel.bpf.h"

#include "../../bpf/policy.bpf.h"
#include "network.h"
#include "repeat.h"

char LICENSE[] SEC("license") = "GPL";

struct bpf_iter_num {
  __u64 opaque;
} __attribute__((aligned(8)));

int bpf_iter_num_new(struct bpf_iter_num* it, int start, int end) __ksym;
int* bpf_iter_num_next(struct bpf_iter_num* it) __ksym;
void bpf_iter_num_destroy(struct bpf_iter_num* it) __ksym;

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(map_flags, BPF_F_MMAPABLE);
  __uint(max_entries, MOST_CASES);
  __type(key, __u32);
  __type(value, struct network_case);
} cases SEC(".maps");

struct plain_network plain SEC(".data.plain");

struct plain_state {
  __s32 in[16], a[16], b[16], y[16];
};
struct plain_state state SEC(".data.state");

static __always_inline struct network_case* case_at(__u32 i) {
  return bpf_map_lookup_elem(&cases, &i);
}

/* Every case's heads. */
SEC("syscall")
int run_cases(struct network_run* run) {
  int i;
  bpf_for(i, 0, run->count) {
    struct network_case* c = case_at(i);
    if (!c) return 1;
    evaluate(&c->network, c->x, &c->layers, c->heads);
  }
  return 0;
}

#define TIMED(name, call)                          \
  SEC("syscall")                                   \
  int name(struct network_run* run) {              \
    struct network_case* c = case_at(0);           \
    if (!c) return 1;                              \
    __u64 start = bpf_ktime_get_ns();              \
    REPEAT(run->count) {                           \
      call;                                        \
      c->x[0] ^= c->heads[0] & 1; /* one by one */ \
    }                                              \
    run->ns = bpf_ktime_get_ns() - start;          \
    return 0;                                      \
  }

/* The same network with one product per multiplication. */
static __always_inline void plain_layer(const __s32 (*w)[16], const __s32* b, const __s32* in,
                                        __s32* out, int outputs) {
  UNROLLED
  for (int o = 0; o < outputs; ++o) {
    __s32 sum = b[o];
    UNROLLED
    for (int i = 0; i < 16; ++i) sum += w[i][o] * in[i];
    out[o] = sum;
    IN_ORDER(); /* registers are few: nothing is kept for the next */
  }
}

static __always_inline void activate_plain(__s32* v) {
  UNROLLED
  for (int i = 0; i < 16; ++i) {
    __s64 a = (__s64)v[i] & ~((__s64)v[i] >> 63);
    v[i] = clamp_to(a >> QUANTA_ACTIVATION_SHIFT, QUANTA_ACTIVATION_MAX);
    IN_ORDER();
  }
}

static __always_inline void evaluate_plain(struct network_case* c) {
  UNROLLED
  for (int i = 0; i < 16; ++i) {
    state.in[i] = network_input(&c->network, c->x[i], i);
    IN_ORDER();
  }
  plain_layer(plain.hidden1, plain.bias1, state.in, state.a, 16);
  activate_plain(state.a);
  plain_layer(plain.hidden2, plain.bias2, state.a, state.b, 16);
  activate_plain(state.b);
  plain_layer(plain.heads, plain.bias3, state.b, state.y, 4);
  UNROLLED
  for (int i = 0; i < 4; ++i) c->heads[i] = state.y[i] >> 4;
}

static __always_inline void loop_layer(const __s32 (*w)[16], const __s32* b, const __s32* in,
                                       __s32* out, int outputs) {
  int o, i;
  bpf_for(o, 0, outputs) {
    __s32 sum = b[o & 15];
    bpf_for(i, 0, 16) sum += w[i & 15][o & 15] * in[i & 15];
    out[o & 15] = sum;
  }
}

static __always_inline void evaluate_in_loops(struct network_case* c) {
  UNROLLED
  for (int i = 0; i < 16; ++i) {
    state.in[i] = network_input(&c->network, c->x[i], i);
    IN_ORDER();
  }
  loop_layer(plain.hidden1, plain.bias1, state.in, state.a, 16);
  activate_plain(state.a);
  loop_layer(plain.hidden2, plain.bias2, state.a, state.b, 16);
  activate_plain(state.b);
  loop_layer(plain.heads, plain.bias3, state.b, state.y, 4);
  UNROLLED
  for (int i = 0; i < 4; ++i) c->heads[i] = state.y[i] >> 4;
}

TIMED(time_packed, evaluate(&c->network, c->x, &c->layers, c->heads))
TIMED(time_plain, evaluate_plain(c))
TIMED(time_loops, evaluate_in_loops(c))
TIMED(time_nothing, c->heads[0] += 2)
