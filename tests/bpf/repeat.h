/* A loop around what is timed: less than a nanosecond a turn, where bpf_for() calls. */
#ifndef QUANTA_TESTS_BPF_REPEAT_H
#define QUANTA_TESTS_BPF_REPEAT_H

#include "../../bpf/compiler.bpf.h"

#define REPEAT(count) for (__s32 left = (count); left > 0 && may_go_on(); --left)

#endif
