#include <gtest/gtest.h>

#include "agent/config/section.h"

namespace quanta {
namespace {

const std::vector<std::string> kKnown = {"terms", "classes", "min", "max", "wakeup_latency", "lr"};

TEST(Nearest, FindsTheNameThatWasMeant) {
  EXPECT_EQ(nearest("trems", kKnown), "terms");
  EXPECT_EQ(nearest("clases", kKnown), "classes");
  EXPECT_EQ(nearest("wakeup-latency", kKnown), "wakeup_latency");
  EXPECT_EQ(nearest("MAX", kKnown), "max");
  EXPECT_EQ(nearest("mini", kKnown), "min");
  EXPECT_EQ(nearest("rl", kKnown), "lr");
}

TEST(Nearest, PrefersTheNearerOne) {
  const std::vector<std::string> known = {"slices", "slice"};
  EXPECT_EQ(nearest("slic", known), "slice");
}

TEST(Nearest, NamesNothingThatIsFar) {
  for (const char* name : {"", "x", "colour", "mom", "wait", "a_name_much_longer_than_all"}) {
    EXPECT_EQ(nearest(name, kKnown), "") << name;
  }
  EXPECT_EQ(nearest("terms", {}), "");
}

}  // namespace
}  // namespace quanta
