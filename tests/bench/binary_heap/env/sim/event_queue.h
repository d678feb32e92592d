// The simulator's agenda as std::priority_queue, in place of env/sim/event_queue.h: the peer that
// the real one is compared with. Same entries, same order.
#pragma once

#include <queue>
#include <vector>

#include "env/sim/agenda_entry.h"

namespace quanta {

class EventQueue {
 public:
  void reserve(size_t) {}
  const AgendaEntry* top() const { return heap_.empty() ? nullptr : &heap_.top(); }
  void push(Nanos time, AgendaKind kind, uint32_t id, uint32_t ticket) {
    heap_.push({time, next_order_++ << 8 | static_cast<uint64_t>(kind), id, ticket});
  }
  void pop() { heap_.pop(); }

  template <class Archive>
  void state(Archive&) {}  // never saved

 private:
  struct Later {
    bool operator()(const AgendaEntry& x, const AgendaEntry& y) const {
      return x.time != y.time ? x.time > y.time : x.order_kind > y.order_kind;
    }
  };
  std::priority_queue<AgendaEntry, std::vector<AgendaEntry>, Later> heap_;
  uint64_t next_order_ = 0;
};

}  // namespace quanta
