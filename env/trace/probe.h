// The recorder's BPF programs, loaded and attached for as long as this object lives.
//
// Not thread-safe. Nothing in the kernel outlives the object, nor the process.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "bpf/intf.h"
#include "env/base/result.h"
#include "env/base/types.h"
#include "env/trace/lanes.h"

struct record_bpf;
struct ring_buffer;

namespace quanta {

class Probe {
 public:
  using Take = std::function<void(const quanta_task_record&)>;

  static Result<std::unique_ptr<Probe>> open();
  ~Probe();
  Probe(const Probe&) = delete;
  Probe& operator=(const Probe&) = delete;

  // All tasks there are, thread-group leaders first.
  Result<std::vector<quanta_task_record>> tasks() const;

  // Gives what is there up to the time `until` (CLOCK_MONOTONIC), in order of time as far as it is
  // older than kSettled when this is called; of a short record, only the head is set. With `most`,
  // no more than so many short records; returns whether there may be others.
  static constexpr Nanos kSettled = 20 * kMillisecond;
  bool consume(Nanos until, const Take& take, size_t most = SIZE_MAX);

  uint64_t lost() const;  // so far: there was no room, or a program interrupted itself

  // Has the kernel time the programs from now on, for as long as this object lives; it adds some
  // tens of ns to each run. False: this kernel does not.
  bool time_programs();
  struct Cost {
    Nanos time = 0;     // spent in the programs since time_programs()
    uint64_t runs = 0;  // of the programs since then
  };
  Cost cost() const;

  bool sees_sync() const { return sees_sync_; }
  bool sees_interrupts() const { return sees_interrupts_; }

 private:
  explicit Probe(record_bpf* skeleton) : skeleton_(skeleton) {}

  template <class Look>
  void each_program(Look&& look) const;

  bool map_lanes(size_t cpus, size_t places);

  record_bpf* skeleton_;
  ring_buffer* ring_ = nullptr;
  std::vector<quanta_task_record> long_;  // from the ring, not given yet
  quanta_lane* lanes_at_ = nullptr;
  quanta_brief* places_at_ = nullptr;
  size_t lane_bytes_ = 0;
  size_t place_bytes_ = 0;
  std::unique_ptr<Lanes> lanes_;
  int stats_ = -1;  // file that keeps the kernel timing
  bool sees_sync_ = false;
  bool sees_interrupts_ = false;
};

}  // namespace quanta
