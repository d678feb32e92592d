#include "agent/run/memory.h"

#include <fmt/format.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <cerrno>
#include <system_error>

namespace quanta {
namespace {

rusage thread_usage() {
  rusage usage{};
  getrusage(RUSAGE_THREAD, &usage);
  return usage;
}

}  // namespace

Status lock_memory() {
  // Else the kernel gathers pages into huge ones later on, and who touches one meanwhile faults.
  static_cast<void>(::prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0));
  if (mlockall(MCL_CURRENT) == 0) return {};
  return fail(
      fmt::format("memory cannot be locked ({}): page faults may delay decisions; run as root "
                  "or raise 'ulimit -l'",
                  std::generic_category().message(errno)));
}

void hold_stack() {
  constexpr size_t kBytes = size_t{128} << 10;
  constexpr size_t kPage = 4096;
  volatile char stack[kBytes];
  for (size_t i = 0; i < kBytes; i += kPage) stack[i] = 0;
  // To the stack's very top, where the callers' frames and the thread's own variables are.
  pthread_attr_t attributes;
  void* bottom = nullptr;
  size_t size = 0;
  if (::pthread_getattr_np(::pthread_self(), &attributes) != 0) return;
  ::pthread_attr_getstack(&attributes, &bottom, &size);
  ::pthread_attr_destroy(&attributes);
  const char* top = static_cast<const char*>(bottom) + size;
  const char* from = const_cast<const char*>(stack);
  // Best effort: lock_memory() has said it already where locking is not allowed.
  static_cast<void>(::mlock(from, static_cast<size_t>(top - from)));
}

FaultSampler::FaultSampler(HotCounters& counters) : counters_(counters) {
  const rusage usage = thread_usage();
  minor_ = static_cast<uint64_t>(usage.ru_minflt);
  major_ = static_cast<uint64_t>(usage.ru_majflt);
}

void FaultSampler::sample() {
  const rusage usage = thread_usage();
  counters_.minor_faults.set(static_cast<uint64_t>(usage.ru_minflt) - minor_);
  counters_.major_faults.set(static_cast<uint64_t>(usage.ru_majflt) - major_);
}

}  // namespace quanta
