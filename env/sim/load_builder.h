// Puts a Load together: names, groups, programs, channels, processes and tasks get their indices
// here.
//
// Bounded: what goes beyond the caps is not added, and full() says so; a load that is full must be
// refused. Plain values, cold path only.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "env/base/rng.h"
#include "env/sim/agenda_entry.h"
#include "env/sim/program.h"

namespace quanta {

// What all tasks of a group have in common; each kind of group has its own defaults.
struct GroupTraits {
  std::string comm{};
  int64_t nice = 0;
  int64_t uid = 1000;
  std::string cgroup{};
  bool shared_process = false;  // tasks of one instance are threads of one process
  bool batch = false;
  Nanos cache_refill = 20 * kMicrosecond;
  Nanos deadline = 0;  // of a response; 0: none
  Nanos from = 0;
  Nanos until = LoadGroup::kForever;
  Nanos start = 20 * kMillisecond;  // tasks start spread over this time after `from`
  uint32_t group = 0;
};

class LoadBuilder {
 public:
  static constexpr size_t kMaxGroups = 64;
  static constexpr size_t kMaxTasks = 4096;  // listed and forked ones
  static_assert(kMaxTasks <= AgendaEntry::kMostIds);
  static constexpr size_t kMaxChannels = 4096;
  static constexpr size_t kMaxPrograms = 8192;
  static constexpr size_t kMaxOps = 1U << 20;  // of all programs

  // Index of the new group. What else is known of it comes from its traits.
  uint32_t group(const std::string& name);
  void describe(const GroupTraits& traits);

  uint32_t name(const std::string& comm);
  uint32_t channel(uint32_t messages = 0);
  uint32_t program(const GroupTraits& traits, const std::string& comm, std::vector<Op> ops);
  uint32_t device(const GroupTraits& traits, std::vector<Op> ops);
  uint32_t process() { return next_process_++; }
  // The process of the next task: `shared` if the traits say so, else one of its own.
  uint32_t process(const GroupTraits& traits, uint32_t shared) {
    return traits.shared_process ? shared : process();
  }
  void task(const GroupTraits& traits, uint32_t program, uint32_t process);
  // Room for as many forked tasks at a time.
  void forks(size_t tasks) { forks_ += tasks; }

  bool full() const { return full_; }
  Load take(const std::string& name);

 private:
  bool fits(size_t used, size_t most);

  Load load_;
  std::map<std::string, uint32_t, std::less<>> names_;
  Rng rng_;  // start times
  uint32_t next_process_ = 1;
  size_t ops_ = 0;
  size_t forks_ = 0;
  bool full_ = false;
};

// Operations, for readable programs.
namespace ops {
inline Op run(const Dist& d) {
  return {OpKind::kRun, 0, 0, d};
}
inline Op sleep(const Dist& d) {
  return {OpKind::kSleep, 0, 0, d};
}
inline Op period(const Dist& d) {
  return {OpKind::kPeriod, 0, 0, d};
}
inline Op op(OpKind kind, uint32_t arg = 0, uint32_t count = 0) {
  return {kind, arg, count, {}};
}
inline Op wait(uint32_t channel) {
  return op(OpKind::kWait, channel);
}
inline Op post(uint32_t channel) {
  return op(OpKind::kPost, channel);
}
inline Op post_sync(uint32_t channel) {
  return op(OpKind::kPostSync, channel);
}
inline Op jump(size_t to) {
  return op(OpKind::kJump, static_cast<uint32_t>(to));
}
}  // namespace ops

}  // namespace quanta
