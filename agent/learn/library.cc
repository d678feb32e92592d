#include "agent/learn/library.h"

#include <dlfcn.h>

#include <cstdlib>
#include <filesystem>

namespace quanta {

Result<void*> learn_symbol(const char* name) {
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  const auto beside = self.parent_path().parent_path() / "lib" / "libquanta_learn.so";
  // Where there is one beside the program, what is wrong with that one is what there is to say.
  const auto file = std::filesystem::exists(beside, error) ? beside.string() : "libquanta_learn.so";
  // Networks this small are trained in one thread each, but eval trains several at a time. OpenBLAS
  // reads this when it is loaded.
  ::setenv("OPENBLAS_NUM_THREADS", "1", 0);
  void* library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    return fail(std::string("the learner cannot be loaded: ") + dlerror() +
                " (it needs libtorch: install libtorch-dev, or run with learning off)");
  }
  void* symbol = dlsym(library, name);
  if (symbol == nullptr) {
    return fail(std::string("libquanta_learn.so is of another version: ") + name + " is missing");
  }
  return symbol;
}

std::mutex& making_a_network() {
  static std::mutex mutex;
  return mutex;
}

}  // namespace quanta
