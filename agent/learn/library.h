// The learner's library (everything that includes torch), loaded at run time and never unloaded:
// ../lib/libquanta_learn.so as seen from the program, or else one on the loader's path.
// Thread-safe; cold path.
#pragma once

#include <mutex>

#include "env/base/result.h"

namespace quanta {

// A factory that the library exports. An error names the missing library and what installs it.
Result<void*> learn_symbol(const char* name);

// libtorch has one random source for all threads: whoever seeds it and draws a network's first
// weights from it holds this, or the same seed would not give the same network.
std::mutex& making_a_network();

}  // namespace quanta
