// A tournament tree: a fixed number of slots, each with a key or none, and the least key at the
// top. Not thread-safe; allocates at construction only.
//
// Of all positions on the way from a slot to the top only the other side is read, which does not
// depend on who has won so far: no load waits for a comparison, and no branch depends on one.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace quanta {

__extension__ using WideKey = unsigned __int128;

// Orders by `first`, then by `second`.
constexpr WideKey wide_key(uint64_t first, uint64_t second) {
  return WideKey{first} << 64 | second;
}

// No two keys may be equal, so what wins does not depend on how it came there: put the slot, or a
// number that is given out once, into the lower half.
class Tournament {
 public:
  static constexpr WideKey kNone = ~WideKey{0};

  explicit Tournament(size_t slots) : first_(std::bit_ceil(slots)), nodes_(2 * first_, kNone) {}

  WideKey best() const { return nodes_[1]; }  // kNone: all slots are empty
  bool empty() const { return best() == kNone; }
  bool holds(size_t slot) const { return nodes_[first_ + slot] != kNone; }

  void set(size_t slot, WideKey key) {
    WideKey* const nodes = nodes_.data();
    size_t i = first_ + slot;
    nodes[i] = key;
    for (; i > 1; i /= 2) {
      const WideKey other = nodes[i ^ 1];
      key = __builtin_expect_with_probability(other < key, 1, 0.5) ? other : key;  // no branch
      nodes[i / 2] = key;
    }
  }
  void clear(size_t slot) { set(slot, kNone); }

  template <class Archive>
  void state(Archive& archive) {
    archive(nodes_);
  }

 private:
  size_t first_;  // node of the first slot; node i plays off 2 i and 2 i + 1
  std::vector<WideKey> nodes_;
};

}  // namespace quanta
