// What is due in the simulator, and when.
#pragma once

#include <cstdint>
#include <type_traits>

#include "env/base/tournament.h"
#include "env/base/types.h"

namespace quanta {

enum class AgendaKind : uint8_t { kCpu, kTask, kArrival, kClass, kRestart, kDismissal };

// Equal times leave in the order in which they came, so a run is a function of its seed alone.
struct AgendaEntry {
  static constexpr Nanos kNever = ~Nanos{0};
  static constexpr int kIdBits = 16;
  static constexpr size_t kMostIds = size_t{1} << kIdBits;  // tasks of a load
  static constexpr int kKindBits = 4;

  Nanos time;
  uint64_t rest;    // order of arrival, kind, id: from the top down
  uint64_t ticket;  // whatever its owner knows it again by

  WideKey key() const { return wide_key(time, rest); }  // the smallest first
  AgendaKind kind() const {
    return static_cast<AgendaKind>(rest >> kIdBits & ((1U << kKindBits) - 1));
  }
  // CPU, task or group.
  uint32_t id() const { return static_cast<uint32_t>(rest & ((1U << kIdBits) - 1)); }
};
static_assert(std::has_unique_object_representations_v<AgendaEntry>);

inline uint64_t agenda_rest(uint64_t order, AgendaKind kind, uint32_t id) {
  return (order << AgendaEntry::kKindBits | static_cast<uint64_t>(kind)) << AgendaEntry::kIdBits |
         id;
}

inline bool later(const AgendaEntry& x, const AgendaEntry& y) {
  return x.key() > y.key();
}

}  // namespace quanta
