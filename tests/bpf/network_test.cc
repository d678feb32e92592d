// The network in the real kernel: the same heads as plain integers, for random networks.
#include <gtest/gtest.h>

#include <random>

#include "tests/bpf/network.h"
#include "tests/bpf/program.h"
#include "tests/policy/integer_reference.h"

namespace quanta {
namespace {

TEST(NetworkInTheKernel, EqualsPlainIntegers) {
  test::Program program(QUANTA_NETWORK_OBJECT);
  program.load();
  const auto cases = program.map<network_case>("cases", MOST_CASES);
  std::mt19937_64 random(2);
  constexpr int kRounds = 100;
  for (int round = 0; round < kRounds; ++round) {
    std::array<std::array<__s32, kHeads>, MOST_CASES> expected;
    for (size_t i = 0; i < MOST_CASES; ++i) {
      const IntegerNetwork plain = random_integer_network(random);
      const auto x = random_features(random);
      cases[i].network = *pack(plain);
      std::copy(x.begin(), x.end(), cases[i].x);
      expected[i] = reference_heads(plain, x);
    }
    network_run run{.count = MOST_CASES, .pad = 0, .ns = 0};
    ASSERT_EQ(program.run("run_cases", run), 0);
    for (size_t i = 0; i < MOST_CASES; ++i) {
      for (size_t h = 0; h < kHeads; ++h) {
        ASSERT_EQ(cases[i].heads[h], expected[i][h]) << "round " << round << ", network " << i;
      }
    }
  }
}

}  // namespace
}  // namespace quanta
