/* What keeps the compiler from changes that cost time here, or that the verifier cannot follow. */
#ifndef QUANTA_BPF_COMPILER_BPF_H
#define QUANTA_BPF_COMPILER_BPF_H

/* Hides from the compiler what it knows of `v`, and keeps what comes before it in its branch. */
#define OPAQUE(v) asm volatile("" : "+r"(v))
/* Nothing is moved across: it would compute ahead what does not fit the registers. */
#define IN_ORDER() asm volatile("" ::: "memory")

#ifdef __bpf__
/* Ends a loop that the verifier shall not walk through turn by turn: it has a counter of its own as
 * the bound. Unlike bpf_for(), without a call.
 */
static inline __attribute__((always_inline)) _Bool may_go_on(void) {
  asm volatile goto("may_goto %l[over]" : : : : over);
  return 1;
over:
  return 0;
}
#endif

#endif /* QUANTA_BPF_COMPILER_BPF_H */
