// The recorder's short records, read from the lanes of all CPUs in order of time.
//
// One thread reads; the kernel writes at the same time. What it writes meanwhile may come out of
// order with what was read from another CPU's lane before: so read what is some ms old.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "bpf/intf.h"

namespace quanta {

class Lanes {
 public:
  // Over memory that is shared with the kernel: a lane per CPU, and the places of all of them in a
  // row, a power of two for each.
  Lanes(std::span<quanta_lane> lanes, std::span<quanta_brief> places);

  // Calls `take` with a quanta_record for at most `most` that are there up to the time `until`, and
  // `before(time)` ahead of each. The rest stays. Returns how many there were.
  template <class Before, class Take>
  size_t read(uint64_t until, size_t most, Before&& before, Take&& take) {
    size_t n = 0;
    next_.clear();
    for (uint32_t cpu = 0; cpu < lanes_.size(); ++cpu) look(cpu);
    while (n < most && !next_.empty() && next_.front().time <= until) {
      const uint32_t cpu = earliest();
      const uint64_t others = next_.empty() ? until : std::min(until, next_.front().time);
      do {
        const quanta_record record = quanta_unpack(&place(cpu), static_cast<int16_t>(cpu));
        before(record.time);
        take(record);
        ++tails_[cpu];
      } while (++n < most && is_there(cpu) && place(cpu).time <= others);
      look(cpu);
    }
    return n;
  }

  uint64_t lost() const;

  // Of each lane; all of them together keep the size of the one ring that they are instead of,
  // short of very many CPUs.
  static uint32_t places_for(size_t cpus);

 private:
  struct Next {
    uint64_t time;
    uint32_t cpu;
  };

  quanta_brief& place(uint32_t cpu) const {
    return places_[cpu * size_ + (tails_[cpu] & (size_ - 1))];
  }
  bool is_there(uint32_t cpu);
  void look(uint32_t cpu);
  uint32_t earliest();

  std::span<quanta_lane> lanes_;
  std::span<quanta_brief> places_;
  uint64_t size_;
  std::vector<uint64_t> tails_;
  std::vector<Next>
      next_;  // a heap, the earliest first: the oldest record of each lane that has one
};

}  // namespace quanta
