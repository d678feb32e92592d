// The simulator's agenda. Not thread-safe.
//
// What is taken off it mostly puts something else on it at once: the place that the entry last
// popped has made free stays empty until then. An entry is never removed early; its owner
// recognises a stale one by the ticket it carries.
#pragma once

#include "env/sim/agenda_entry.h"

namespace quanta {

class EventQueue {
 public:
  void reserve(size_t n) { heap_.reserve(n); }

  // nullptr: nothing is on the agenda. Valid until the next call.
  const AgendaEntry* top() {
    close();
    return heap_.empty() ? nullptr : &heap_.top();
  }

  void push(Nanos time, AgendaKind kind, uint32_t id, uint32_t ticket) {
    const AgendaEntry entry{time, next_order_++ << 8 | static_cast<uint64_t>(kind), id, ticket};
    if (hole_ == kNone) return heap_.push(entry);
    heap_.fill(hole_, entry);
    hole_ = kNone;
  }

  // Takes off what top() has just shown.
  void pop() { hole_ = heap_.open(); }

  template <class Archive>
  void state(Archive& archive) {
    archive(heap_, next_order_, hole_);
  }

 private:
  static constexpr size_t kNone = ~size_t{0};

  void close() {
    if (hole_ == kNone) return;
    heap_.close(hole_);
    hole_ = kNone;
  }

  QuadHeap<AgendaEntry> heap_;
  uint64_t next_order_ = 0;
  size_t hole_ = kNone;  // the heap's free place
};

}  // namespace quanta
