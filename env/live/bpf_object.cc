#include "env/live/bpf_object.h"

// QUANTA_BPF_OBJECT is the file, from cmake/QuantaBpf.cmake.
asm(".section .rodata\n"
    ".balign 8\n"
    ".global quanta_bpf_object\n"
    "quanta_bpf_object:\n"
    ".incbin \"" QUANTA_BPF_OBJECT
    "\"\n"
    ".global quanta_bpf_object_end\n"
    "quanta_bpf_object_end:\n"
    ".byte 0\n"
    ".previous\n");
