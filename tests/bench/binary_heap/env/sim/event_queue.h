// The simulator's agenda as std::priority_queue, in place of env/sim/event_queue.h: the peer that
// the real one is compared with. Same entries, same order.
#pragma once

#include <cstdint>
#include <queue>
#include <vector>

#include "env/base/types.h"

namespace quanta {

enum class AgendaKind : uint8_t { kCpu, kTask, kArrival, kClass, kRestart };

struct AgendaEntry {
  Nanos time;
  uint64_t order;
  uint32_t id;
  uint32_t ticket;
  AgendaKind kind;
  uint8_t pad[7];
};

class EventQueue {
 public:
  void reserve(size_t) {}
  bool empty() const { return heap_.empty(); }
  const AgendaEntry& top() const { return heap_.top(); }
  void push(Nanos time, AgendaKind kind, uint32_t id, uint32_t ticket) {
    heap_.push({time, next_order_++, id, ticket, kind, {}});
  }
  void pop() { heap_.pop(); }

  template <class Archive>
  void state(Archive&) {}  // never saved

 private:
  struct Later {
    bool operator()(const AgendaEntry& x, const AgendaEntry& y) const {
      return x.time != y.time ? x.time > y.time : x.order > y.order;
    }
  };
  std::priority_queue<AgendaEntry, std::vector<AgendaEntry>, Later> heap_;
  uint64_t next_order_ = 0;
};

}  // namespace quanta
