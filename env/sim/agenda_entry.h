// What is due in the simulator, and when.
#pragma once

#include <cstdint>
#include <type_traits>

#include "env/base/quad_heap.h"
#include "env/base/types.h"

namespace quanta {

enum class AgendaKind : uint8_t { kCpu, kTask, kArrival, kClass, kRestart, kDismissal };

struct AgendaEntry {
  Nanos time;
  uint64_t order_kind;  // order of arrival, above the kind in the low byte
  uint32_t id;          // CPU, task or group
  uint32_t ticket;      // must equal the owner's current one, else stale

  AgendaKind kind() const { return static_cast<AgendaKind>(order_kind & 0xff); }

  // Equal times leave in the order in which they came, so a run is a function of its seed alone.
  WideKey key() const { return wide_key(time, order_kind); }
};
static_assert(std::has_unique_object_representations_v<AgendaEntry>);

}  // namespace quanta
