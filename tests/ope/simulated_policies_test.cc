// Off-policy estimates beside what the policies earn when they really run in the simulator: a table
// per load, of gains over the logging policy, in us per decision.
//
//   estimated: doubly robust, from the logging policy's decisions; with its own 95% interval
//   alone: what a policy's decisions earn among those of the logging policy (mixture.h), which is
//     what is estimated
//   everywhere: what they earn when it makes all decisions
//   rate: reward of the machine per CPU and time when it makes all decisions
// Each policy explores with the same deviation, as the estimates assume.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "agent/eval/table.h"
#include "tests/ope/mixture.h"

namespace quanta {
namespace {

constexpr uint64_t kSeeds = 3;
constexpr double kFewTruncated = 0.1;
constexpr double kMixed = 60;  // s
constexpr double kWhole = 20;

// Of each seed.
struct Column {
  std::vector<double> effective, truncated, estimated, estimated_half, alone, alone_half,
      everywhere, rate;
};

struct Whole {
  Interval net;
  double rate;
};

Whole run_alone(const std::string& load, const Weights& weights, uint64_t seed) {
  const std::string file = testing::TempDir() + "simulated_policies_" + load + ".csv";
  const Config config = exploring_config(seed);
  const auto log = DecisionLog::open({.decisions = file, .share = 1, .limit_mib = 512},
                                     config.reward, 1, [](const std::string&) {})
                       .value();
  const double rate = simulate(config, load, weights, kWhole, log.get()).reward_rate;
  std::vector<LoggedDecision> all = decisions_of(file);
  std::filesystem::remove(file);
  std::erase_if(all, [](const LoggedDecision& d) { return !d.explored(); });
  return {mean_net_reward(all), rate};
}

void measure(const std::string& load, const std::vector<NamedWeights>& policies, uint64_t seed,
             std::vector<Column>& columns) {
  const Mixture mixture(load, policies, seed, kMixed);
  const OffPolicyEvaluation e =
      evaluate_off_policy(mixture.of(0), targets_of(policies), 10).value();
  const Interval logging = mean_net_reward(mixture.of(0));
  const Whole logging_alone = run_alone(load, policies[0].weights, seed);
  for (size_t p = 1; p < policies.size(); ++p) {
    const Interval truth = mean_net_reward(mixture.of(p));
    const Whole whole = run_alone(load, policies[p].weights, seed);
    const Interval& gain = e.policies[p].doubly_robust[kNetReward].gain;
    Column& c = columns[p];
    c.effective.push_back(e.policies[p].effective_samples);
    c.truncated.push_back(e.policies[p].truncated);
    c.estimated.push_back(gain.mean / kMicrosecond);
    c.estimated_half.push_back(gain.half / kMicrosecond);
    c.alone.push_back((truth.mean - logging.mean) / kMicrosecond);
    c.alone_half.push_back(std::hypot(truth.half, logging.half) / kMicrosecond);
    c.everywhere.push_back((whole.net.mean - logging_alone.net.mean) / kMicrosecond);
    c.rate.push_back(whole.rate - logging_alone.rate);
  }
}

double mean(const std::vector<double>& values) {
  return confidence(values).mean;
}

// Of the mean over seeds, from each one's.
double half_of_mean(const std::vector<double>& halves) {
  double squares = 0;
  for (const double half : halves) squares += half * half;
  return std::sqrt(squares) / static_cast<double>(halves.size());
}

std::string cell(double value, double half) {
  return fmt::format("{:+.2f} ±{:.2f}", value, half);
}

std::string rate_cell(const std::vector<double>& rates) {
  const Interval i = confidence(rates);
  return fmt::format("{:+.4f} ±{:.4f} {}", i.mean, i.half, mark(verdict(i)));
}

class SimulatedPolicies : public ::testing::TestWithParam<const char*> {};

TEST_P(SimulatedPolicies, EstimatesBesideTruth) {
  const std::vector<NamedWeights> policies = some_policies(exploring_config(1).learner);
  std::vector<Column> columns(policies.size());
  for (uint64_t seed = 1; seed <= kSeeds; ++seed) measure(GetParam(), policies, seed, columns);
  Table table({GetParam(), "effective", "truncated", "estimated", "alone", "everywhere", "rate"});
  for (size_t p = 1; p < policies.size(); ++p) {
    const Column& c = columns[p];
    const double half = half_of_mean(c.estimated_half);
    const double alone_half = half_of_mean(c.alone_half);
    table.add({policies[p].name, fmt::format("{:.0f}", mean(c.effective)),
               fmt::format("{:.1f}%", 100 * mean(c.truncated)), cell(mean(c.estimated), half),
               cell(mean(c.alone), alone_half),
               cell(mean(c.everywhere), confidence(c.everywhere).half), rate_cell(c.rate)});
    // What is cut off is a bias of unknown size.
    if (mean(c.truncated) > kFewTruncated) continue;
    EXPECT_NEAR(mean(c.estimated), mean(c.alone), 2 * std::hypot(half, alone_half))
        << policies[p].name;
  }
  fmt::print("{}\n", table.render(160));
}

INSTANTIATE_TEST_SUITE_P(Loads, SimulatedPolicies,
                         ::testing::Values("game_hogs.yaml", "server_hogs.yaml", "learn_modes.yaml",
                                           "messages.yaml", "periodic_build.yaml",
                                           "game_io_batch.yaml"),
                         [](const auto& load) {
                           const std::string name = load.param;
                           return name.substr(0, name.find('.'));
                         });

}  // namespace
}  // namespace quanta
