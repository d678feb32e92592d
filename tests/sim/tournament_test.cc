#include "env/base/tournament.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "env/base/rng.h"

namespace quanta {
namespace {

TEST(TournamentTest, TheLeastKeyWinsWhateverIsSetAndCleared) {
  for (const size_t slots : {1U, 2U, 3U, 8U, 21U, 64U, 100U}) {
    Rng rng(slots);
    Tournament tournament(slots);
    std::vector<WideKey> plain(slots, Tournament::kNone);
    EXPECT_TRUE(tournament.empty());
    for (uint64_t i = 0; i < 2'000; ++i) {
      const size_t slot = rng.below(static_cast<uint32_t>(slots));
      if (rng.below(3) == 0) {
        tournament.clear(slot);
        plain[slot] = Tournament::kNone;
      } else {
        plain[slot] = wide_key(rng.below(20), i);  // many equal in the first part
        tournament.set(slot, plain[slot]);
      }
      ASSERT_TRUE(tournament.best() == *std::min_element(plain.begin(), plain.end()));
      ASSERT_EQ(tournament.holds(slot), plain[slot] != Tournament::kNone);
      ASSERT_EQ(tournament.empty(), tournament.best() == Tournament::kNone);
    }
  }
}

TEST(TournamentTest, OrdersByTheFirstPartOfTheKeyThenByTheSecond) {
  Tournament tournament(4);
  tournament.set(0, wide_key(1, 0));
  tournament.set(1, wide_key(0, ~uint64_t{0}));
  EXPECT_TRUE(tournament.best() == wide_key(0, ~uint64_t{0}));
  tournament.set(1, wide_key(1, 1));
  EXPECT_TRUE(tournament.best() == wide_key(1, 0));
}

}  // namespace
}  // namespace quanta
