#include "agent/reward/reward_config.h"

#include <gtest/gtest.h>

#include <set>

#include "agent/config/section.h"

namespace quanta {
namespace {

Result<RewardConfig> reward_of(const std::string& text) {
  Diagnostics diagnostics;
  RewardConfig config;
  {
    Section section = Section::parse(text, "r.yaml", diagnostics);
    read(section, config);
    section.finish();
  }
  if (!diagnostics.ok()) return tl::unexpected(diagnostics.error());
  return config;
}

TEST(RewardConfig, ReadsEveryTerm) {
  const Result<RewardConfig> config = reward_of(
      "terms:\n"
      "  runqueue_wait: {weight: 1.5}\n"
      "  wakeup_latency: {weight: 2, target: 3ms}\n"
      "  slowdown: {weight: 3, unit: 50us}\n"
      "  throughput: {weight: 4}\n"
      "  context_switch: {weight: 5, cost: 7us}\n"
      "  fairness: {weight: 6}\n"
      "  deadline: {weight: 7, cost: 9ms}\n"
      "floor_share: 0.125\n"
      "classes:\n"
      "  - {name: ui, weight: 4, match: {comm: ui*}}\n");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->weight, (std::array<double, kTerms>{1.5, 2, 3, 4, 5, 6, 7}));
  EXPECT_EQ(config->latency_target, 3 * kMillisecond);
  EXPECT_EQ(config->slowdown_unit, 50 * kMicrosecond);
  EXPECT_EQ(config->switch_cost, 7 * kMicrosecond);
  EXPECT_EQ(config->deadline_cost, 9 * kMillisecond);
  EXPECT_EQ(config->weighing.floor_share, 0.125);
  ASSERT_EQ(config->weighing.classes.size(), 1U);
  EXPECT_EQ(config->weighing.classes[0].comm, "ui*");
}

TEST(RewardConfig, KeepsDefaultsOfWhatIsNotSaid) {
  const RewardConfig defaults;
  const Result<RewardConfig> config = reward_of("terms: {slowdown: {weight: 2}}\n");
  ASSERT_TRUE(config) << config.error().message;
  std::array<double, kTerms> expected = defaults.weight;
  expected[kTermSlowdown] = 2;
  EXPECT_EQ(config->weight, expected);
  EXPECT_EQ(config->slowdown_unit, defaults.slowdown_unit);
}

TEST(RewardConfig, BadInputIsOneClearLine) {
  const struct {
    const char* text;
    const char* message;
  } cases[] = {
      {"terms: {slowdwon: {weight: 1}}\n",
       "r.yaml:1: unknown key 'terms.slowdwon'; did you mean 'slowdown'?"},
      {"terms:\n  fairness: {weight: -1}\n",
       "r.yaml:2: key 'terms.fairness.weight': expected a number between 0 and 100, got '-1'"},
      {"terms:\n  throughput: {target: 1ms}\n", "unknown key 'terms.throughput.target'"},
      {"terms: {context_switch: {cost: 5}}\n", "r.yaml:1: key 'terms.context_switch.cost'"},
      {"terms: {deadline: {cost: 2min}}\n", "terms.deadline.cost"},
      {"terms: {slowdown: {unit: 0us}}\n", "terms.slowdown.unit"},
      {"terms: [1]\n", "r.yaml:1: key 'terms': expected a mapping, got a list"},
  };
  for (const auto& c : cases) {
    const Result<RewardConfig> config = reward_of(c.text);
    ASSERT_FALSE(config) << c.text;
    EXPECT_NE(config.error().message.find(c.message), std::string::npos) << config.error().message;
    EXPECT_EQ(config.error().message.find('\n'), std::string::npos) << config.error().message;
  }
}

TEST(TermNames, AreDistinct) {
  EXPECT_EQ(std::set(kTermNames.begin(), kTermNames.end()).size(), kTermNames.size());
}

}  // namespace
}  // namespace quanta
