// The compiled kernel half, as it lies in this binary.
#pragma once

#include <cstddef>

extern "C" {
extern const unsigned char quanta_bpf_object[];
extern const unsigned char quanta_bpf_object_end[];
}
