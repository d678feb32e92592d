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
    heap_.push_back(entry);
    rise(heap_.size() - 1, entry);
  }

  void pop() {
    const AgendaEntry last = heap_.back();
    heap_.pop_back();
    const size_t n = heap_.size();
    if (n == 0) return;
    // The hole goes down to a leaf, where the last entry mostly belongs anyway, and up from there.
    AgendaEntry* heap = heap_.data();
    size_t hole = 0;
    size_t child = 1;
    for (; child + 4 <= n; child = 4 * hole + 1) {
      const size_t left = child + before(heap[child + 1], heap[child]);
      const size_t right = child + 2 + before(heap[child + 3], heap[child + 2]);
      const size_t least = left + (right - left) * before(heap[right], heap[left]);
      heap[hole] = heap[least];
      hole = least;
    }
    if (child < n) {
      size_t least = child;
      for (size_t c = child + 1; c < n; ++c) least += (c - least) * before(heap[c], heap[least]);
      heap[hole] = heap[least];
      hole = least;
    }
    rise(hole, last);
  }

  template <class Archive>
  void state(Archive& archive) {
    archive(heap_, next_order_);
  }

 private:
  // 1 or 0, without branches: the order of two entries is not predictable.
  static size_t before(const AgendaEntry& x, const AgendaEntry& y) {
    return static_cast<size_t>(x.time < y.time) |
           (static_cast<size_t>(x.time == y.time) & static_cast<size_t>(x.order < y.order));
  }

  // `entry` goes to the free place `i` or as far above it as it belongs.
  void rise(size_t i, const AgendaEntry& entry) {
    AgendaEntry* heap = heap_.data();
    while (i > 0) {
      const size_t parent = (i - 1) / 4;
      if (before(entry, heap[parent]) == 0) break;
      heap[i] = heap[parent];
      i = parent;
    }
    heap[i] = entry;
  }

  std::vector<AgendaEntry> heap_;
  uint64_t next_order_ = 0;
};

}  // namespace quanta
