// A 4-ary min-heap of small trivially copyable entries. Not thread-safe; allocates only to grow.
//
// No two `Entry::key()` are equal, so what leaves next does not depend on the heap's layout.
// Entries are best made of 8-byte members, which stay in registers on their way in: what is put
// together in memory and copied from there waits for its own stores.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "env/base/tournament.h"

namespace quanta {

template <class Entry>
class QuadHeap {
 public:
  void reserve(size_t n) { heap_.reserve(n); }
  bool empty() const { return heap_.empty(); }
  size_t size() const { return heap_.size(); }
  const Entry& top() const { return heap_.front(); }
  std::span<const Entry> entries() const { return heap_; }  // in no particular order

  void push(const Entry& entry) {
    heap_.emplace_back();
    rise(heap_.size() - 1, entry);
  }

  void pop() { remove(0); }

  // Removes the entry that stands at `place` in entries().
  void remove(size_t place) {
    const Entry last = heap_.back();
    heap_.pop_back();
    if (place < heap_.size()) rise(sink(place), last);
  }

  template <class Archive>
  void state(Archive& archive) {
    archive(heap_);
  }

 private:
  struct Child {
    size_t place;
    uint64_t first;
    uint64_t second;
    WideKey key() const { return wide_key(first, second); }
  };

  Child child(size_t place) const {
    const WideKey key = heap_.data()[place].key();
    return {place, static_cast<uint64_t>(key >> 64), static_cast<uint64_t>(key)};
  }

  // Makes x the lesser of the two. By a mask that the compiler cannot look through: it would make a
  // branch of it, which could not be predicted.
  static void choose(Child& x, const Child& y) {
    uint64_t mask = -uint64_t{y.key() < x.key()};
    asm("" : "+r"(mask));
    x.place += (y.place - x.place) & mask;
    x.first ^= (x.first ^ y.first) & mask;
    x.second ^= (x.second ^ y.second) & mask;
  }

  // The free place `hole` goes down to a leaf, where a late entry mostly belongs.
  size_t sink(size_t hole) {
    Entry* heap = heap_.data();
    const size_t n = heap_.size();
    size_t first = 4 * hole + 1;
    for (; first + 4 <= n; first = 4 * hole + 1) {
      Child left = child(first);
      Child right = child(first + 2);
      choose(left, child(first + 1));
      choose(right, child(first + 3));
      choose(left, right);
      heap[hole] = heap[left.place];
      hole = left.place;
    }
    if (first < n) {
      Child least = child(first);
      for (size_t c = first + 1; c < n; ++c) choose(least, child(c));
      heap[hole] = heap[least.place];
      hole = least.place;
    }
    return hole;
  }

  // `entry` goes to the free place `hole`, or above it as it belongs.
  void rise(size_t hole, const Entry& entry) {
    Entry* heap = heap_.data();
    while (hole > 0) {
      const size_t parent = (hole - 1) / 4;
      if (heap[parent].key() < entry.key()) break;
      heap[hole] = heap[parent];
      hole = parent;
    }
    heap[hole] = entry;
  }

  std::vector<Entry> heap_;
};

}  // namespace quanta
