// The simulator's agenda. Not thread-safe.
//
// What is taken off it mostly puts something else on it at once: the place of the entry last popped
// stays empty until then. An entry is never removed early; its owner recognises a stale one by the
// ticket it carries.
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
    if (open_) {
      open_ = false;
      heap_.replace_top(entry);
    } else {
      heap_.push(entry);
    }
  }

  // Takes off what top() has just shown.
  void pop() { open_ = true; }

  template <class Archive>
  void state(Archive& archive) {
    archive(heap_, next_order_, open_);
  }

 private:
  void close() {
    if (open_) heap_.pop();
    open_ = false;
  }

  QuadHeap<AgendaEntry> heap_;
  uint64_t next_order_ = 0;
  bool open_ = false;  // the heap's top has been popped
};

}  // namespace quanta
