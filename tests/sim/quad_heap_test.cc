#include "env/base/quad_heap.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "env/base/rng.h"

namespace quanta {
namespace {

struct Item {
  uint64_t first;
  uint64_t second;
  WideKey key() const { return wide_key(first, second); }
  bool operator==(const Item&) const = default;
};

bool earlier(const Item& x, const Item& y) {
  return x.first != y.first ? x.first < y.first : x.second < y.second;
}

// The heap and a plain vector under the same operations.
class Pair {
 public:
  void push(const Item& item) {
    heap.push(item);
    plain.push_back(item);
  }
  void remove(size_t place) {
    std::erase(plain, heap.entries()[place]);
    heap.remove(place);
  }
  const Item& least() const { return *std::min_element(plain.begin(), plain.end(), earlier); }

  QuadHeap<Item> heap;
  std::vector<Item> plain;
};

TEST(QuadHeap, TopIsTheLeastWhateverIsDoneToIt) {
  Rng rng(1);
  Pair pair;
  for (uint64_t i = 0; i < 20'000; ++i) {
    const Item item{rng.below(50), i};  // many equal in the first part
    const uint32_t choice = pair.plain.empty() ? 0 : rng.below(pair.plain.size() > 100 ? 6 : 4);
    if (choice < 2) {
      pair.push(item);
    } else {
      pair.remove(choice % 2 == 0 ? 0 : rng.below(static_cast<uint32_t>(pair.heap.size())));
    }
    ASSERT_EQ(pair.heap.size(), pair.plain.size());
    if (pair.plain.empty()) continue;
    ASSERT_EQ(pair.heap.top(), pair.least());
  }
}

TEST(QuadHeap, OrdersByTheFirstPartOfTheKeyThenByTheSecond) {
  QuadHeap<Item> heap;
  const std::vector<Item> sorted = {{0, 7}, {1, 0}, {1, ~0ULL}, {2, 3}, {~0ULL, 0}, {~0ULL, 1}};
  for (const Item& item : {sorted[3], sorted[5], sorted[1], sorted[0], sorted[4], sorted[2]}) {
    heap.push(item);
  }
  for (const Item& item : sorted) {
    EXPECT_EQ(heap.top(), item);
    heap.pop();
  }
  EXPECT_TRUE(heap.empty());
}

}  // namespace
}  // namespace quanta
