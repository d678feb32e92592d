// The simulator's agenda: a 4-ary heap of (time, order) keys. Not thread-safe.
//
// Equal times leave in the order in which they came, so a run is a function of its seed alone.
// An entry is never removed early; its owner recognises a stale one by the ticket it carries.
#pragma once

#include <cstdint>
#include <type_traits>
#include <vector>

#include "env/base/types.h"

namespace quanta {

enum class AgendaKind : uint8_t { kCpu, kTask, kArrival, kClass, kRestart };

struct AgendaEntry {
  Nanos time;
  uint64_t order;   // set by push()
  uint32_t id;      // CPU or task
  uint32_t ticket;  // must equal the owner's current one, else stale
  AgendaKind kind;
  uint8_t pad[7];  // saved as bytes
};
static_assert(std::has_unique_object_representations_v<AgendaEntry>);

class EventQueue {
 public:
  void reserve(size_t n) { heap_.reserve(n); }
  bool empty() const { return heap_.empty(); }
  const AgendaEntry& top() const { return heap_.front(); }
  size_t size() const { return heap_.size(); }

  void push(Nanos time, AgendaKind kind, uint32_t id, uint32_t ticket) {
    const AgendaEntry entry{time, next_order_++, id, ticket, kind, {}};
    size_t i = heap_.size();
    heap_.push_back(entry);
    while (i > 0) {
      const size_t parent = (i - 1) / 4;
      if (!before(entry, heap_[parent])) break;
      heap_[i] = heap_[parent];
      i = parent;
    }
    heap_[i] = entry;
  }

  void pop() {
    const AgendaEntry last = heap_.back();
    heap_.pop_back();
    const size_t n = heap_.size();
    if (n == 0) return;
    size_t i = 0;
    for (;;) {
      const size_t first = 4 * i + 1;
      if (first >= n) break;
      size_t least = first;
      const size_t end = first + 4 < n ? first + 4 : n;
      for (size_t c = first + 1; c < end; ++c) {
        if (before(heap_[c], heap_[least])) least = c;
      }
      if (!before(heap_[least], last)) break;
      heap_[i] = heap_[least];
      i = least;
    }
    heap_[i] = last;
  }

  template <class Archive>
  void state(Archive& archive) {
    archive(heap_, next_order_);
  }

 private:
  static bool before(const AgendaEntry& x, const AgendaEntry& y) {
    return x.time != y.time ? x.time < y.time : x.order < y.order;
  }

  std::vector<AgendaEntry> heap_;
  uint64_t next_order_ = 0;
};

}  // namespace quanta
