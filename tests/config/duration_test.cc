#include "agent/config/duration.h"

#include <gtest/gtest.h>
#include <cstdint>

#include "env/base/rng.h"

namespace quanta {
namespace {

struct Case {
  const char* text;
  Nanos value;
};

TEST(Duration, ReadsAndPrintsExactly) {
  constexpr Case kCases[] = {
      {"0ns", 0},
      {"20us", 20'000},
      {"2ms", 2'000'000},
      {"1.5s", 1'500'000'000},
      {"90s", 90 * kSecond},
      {"1.000001ms", 1'000'001},
      {"999ns", 999},
      {"18446744073.709551615s", UINT64_MAX},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(parse_duration(c.text), c.value) << c.text;
    EXPECT_EQ(format_duration(c.value), c.text);
  }
}

TEST(Duration, ReadsEveryUnit) {
  EXPECT_EQ(parse_duration("3µs"), 3'000);
  EXPECT_EQ(parse_duration("2min"), 120 * kSecond);
  EXPECT_EQ(parse_duration("0.5h"), 1800 * kSecond);
  EXPECT_EQ(parse_duration("1.0ns"), 1);
}

TEST(Duration, RefusesWhatIsNotExactlyADuration) {
  for (const char* text : {"",
                           "5",
                           "ms",
                           "-1ms",
                           "+1ms",
                           "1 ms",
                           "5 parsecs",
                           "1.ms",
                           ".5ms",
                           "1e3ms",
                           "1.5ns",
                           "1.05ns",
                           "1m",
                           "1ms ",
                           "1.2.3s",
                           "18446744073.709551616s",
                           "99999999999999999999ns",
                           "9999999999h",
                           "0x1ms",
                           "nan",
                           "infs"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
}

TEST(Duration, WhatIsPrintedIsReadBack) {
  Rng rng(7);
  for (int i = 0; i < 10'000; ++i) {
    const Nanos value = rng.next() >> rng.below(64);
    EXPECT_EQ(parse_duration(format_duration(value)), value) << value;
  }
}

}  // namespace
}  // namespace quanta
