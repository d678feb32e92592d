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

namespace quanta {

__extension__ using WideKey = unsigned __int128;

// Orders by `first`, then by `second`: one subtraction, no branch.
constexpr WideKey wide_key(uint64_t first, uint64_t second) {
  return WideKey{first} << 64 | second;
}

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

  // pop() and push() in one.
  void replace_top(const Entry& entry) { settle(0, entry); }

  // Removes the entry that stands at `place` in entries().
  void remove(size_t place) {
    const Entry last = heap_.back();
    heap_.pop_back();
    if (place < heap_.size()) settle(place, last);
  }

  template <class Archive>
  void state(Archive& archive) {
    archive(heap_);
  }

 private:
  // 1 or 0, as a number: a branch on it could not be predicted.
  static size_t before(const Entry& x, const Entry& y) { return x.key() < y.key() ? 1 : 0; }

  // `entry` goes to the free place `hole`, or below or above it as it belongs: the hole goes down
  // to a leaf, where a late entry mostly belongs anyway, and up from there.
  void settle(size_t hole, const Entry& entry) {
    Entry* heap = heap_.data();
    const size_t n = heap_.size();
    size_t child = 4 * hole + 1;
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
    rise(hole, entry);
  }

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
