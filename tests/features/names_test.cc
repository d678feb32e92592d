#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "agent/features/tracker.h"

namespace quanta {
namespace {

TEST(NameHash, LeavesOutCountersAtTheEnd) {
  const std::vector<std::vector<const char*>> same = {
      {"worker", "worker/12", "worker/3", "worker-7", "worker_8", "worker#9", "worker:10"},
      {"kworker/u", "kworker/u8:1", "kworker/u4"},
      {"", "0", "123", "7:8"}};
  for (size_t i = 0; i < same.size(); ++i) {
    for (const char* name : same[i]) EXPECT_EQ(name_hash(name), name_hash(same[i][0])) << name;
    for (size_t j = 0; j < i; ++j) EXPECT_NE(name_hash(same[i][0]), name_hash(same[j][0]));
  }
}

TEST(NameHash, KeepsWhatStandsBeforeThem) {
  EXPECT_NE(name_hash("cc1plus"), name_hash("cc"));
  EXPECT_NE(name_hash("7zip"), name_hash("zip"));
  EXPECT_NE(name_hash("make"), name_hash("cmake"));
}

TEST(Glob, MatchesAsAShellDoes) {
  const struct {
    const char* pattern;
    const char* text;
    bool match;
  } cases[] = {
      {"", "", true},          {"", "a", false},           {"a", "", false},
      {"game", "game", true},  {"game", "games", false},   {"games", "game", false},
      {"*", "", true},         {"*", "anything", true},    {"**", "x", true},
      {"game*", "game", true}, {"game*", "gamer", true},   {"game*", "a game", false},
      {"*ld", "gold", true},   {"*ld", "golds", false},    {"?", "", false},
      {"?", "a", true},        {"?", "ab", false},         {"k?d", "kid", true},
      {"a*b*c", "abc", true},  {"a*b*c", "axbxbxc", true}, {"a*b*c", "axbx", false},
      {"*ab", "aab", true},    {"*aab", "aaab", true},     {"a?*c", "abc", true},
      {"a?*c", "ac", false},   {"[a]", "a", false},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(glob_match(c.pattern, c.text), c.match) << c.pattern << " on " << c.text;
  }
}

}  // namespace
}  // namespace quanta
