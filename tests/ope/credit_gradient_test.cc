// The learner's credit beside the truth, in the simulator: how the reward of the machine changes
// per octave by which order, preemption or slices are moved, of all tasks alike (" 1") or with the
// length of their bursts ("*z"; z: burst_length()).
//
//   truth: two machines on which all decisions are moved, one up, one down
//   credit: sum over the decisions of an exploring prior of credit * d log density / d mean, which
//     is what the learner follows
// Both per CPU and time. Order is explored here to be shown too: what it truly changes is within
// noise, and its credit is not.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "agent/eval/statistics.h"
#include "agent/eval/table.h"
#include "agent/reward/credit.h"
#include "tests/decision_log/simulated.h"

namespace quanta {
namespace {

constexpr float kSd = 0.5F;
constexpr uint64_t kSeeds = 4;
constexpr double kSeconds = 20;
constexpr int kDirections = 2;
constexpr std::array<float, kDirections> kMoved = {0.3F, 0.2F};  // octaves, each way

float strength(const Features& x, int direction) {
  return direction == 0 ? 1 : burst_length(x);
}

// Whose mean action is `size` times strength().
Weights moved(const LearnerConfig& config, int action, int direction, float size) {
  if (direction == 1) return along_burst(config, action, size, kSd);
  std::array<float, kActions> mean{};
  mean[static_cast<size_t>(action)] = size;
  return constant_policy(config, mean, kSd);
}

using Gradient = std::array<std::array<double, kDirections>, kActions>;

Gradient by_credit(const std::string& load, uint64_t seed) {
  const Config config = exploring_config(seed);
  const Load workload = read_load(QUANTA_SOURCE_DIR "/configs/workloads/" + load).value();
  SimEnv env(config.sim.machine, workload, SimScheduler::kExt,
             static_cast<Nanos>(kSeconds * kSecond));
  Agent agent(config, env);
  agent.hot.adopt(constant_policy(config.learner, {}, kSd));
  GoingRates rates;
  Gradient sum{};
  double all = 0;
  Gradient scores{};
  uint64_t decisions = 0;
  agent.cold.tell([&](const Record& r) {
    if (r.kind != RecordKind::kDecision) return;
    rates.add(r, config.reward);
    const Terms terms = credit(r, config.reward, rates.late_share());
    const double net = total(terms, config.reward) + rates.price(r) * static_cast<double>(r.run);
    all += net;
    ++decisions;
    if (r.act.sd == 0) return;
    for (size_t a = 0; a < kActions; ++a) {
      const double score = (r.act.taken[a] - r.act.mean[a]) / (r.act.sd * r.act.sd);
      for (int d = 0; d < kDirections; ++d) {
        const double s = score * strength(r.act.x, d);
        sum[a][static_cast<size_t>(d)] += net * s;
        scores[a][static_cast<size_t>(d)] += s;
      }
    }
  });
  run_lockstep(agent, {}, [&](bool) {});
  const double mean = all / static_cast<double>(decisions);  // a baseline: less noise
  for (size_t a = 0; a < kActions; ++a) {
    for (size_t d = 0; d < kDirections; ++d) {
      sum[a][d] -= mean * scores[a][d];
      sum[a][d] /= kSeconds * kSecond * config.sim.machine.cpus;
    }
  }
  return sum;
}

double in_truth(const std::string& load, uint64_t seed, int action, int direction) {
  const Config config = exploring_config(seed);
  const float size = kMoved[static_cast<size_t>(direction)];
  const auto rate = [&](float by) {
    const Weights weights = moved(config.learner, action, direction, by);
    return simulate(config, load, weights, kSeconds, nullptr).reward_rate;
  };
  return (rate(size) - rate(-size)) / (2 * double{size});
}

std::string cell(const Interval& i) {
  return fmt::format("{:+.4f} ±{:.4f} {}", i.mean, i.half, mark(verdict(i)));
}

class CreditGradient : public ::testing::TestWithParam<const char*> {};

TEST_P(CreditGradient, OfSlicesPointsTheRightWay) {
  const std::string load = GetParam();
  std::vector<Gradient> credits;
  for (uint64_t seed = 1; seed <= kSeeds; ++seed) credits.push_back(by_credit(load, seed));
  Table table({load, "truth", "credit"});
  constexpr std::array<const char*, kActions> kNames = {"order", "preempt", "slice"};
  for (int a = 0; a < kActions; ++a) {
    for (int d = 0; d < kDirections; ++d) {
      std::vector<double> truths;
      std::vector<double> estimates;
      for (uint64_t seed = 1; seed <= kSeeds; ++seed) {
        truths.push_back(in_truth(load, seed, a, d));
        estimates.push_back(credits[seed - 1][static_cast<size_t>(a)][static_cast<size_t>(d)]);
      }
      const Interval truth = confidence(truths);
      const Interval estimate = confidence(estimates);
      table.add({fmt::format("{} {}", kNames[static_cast<size_t>(a)], d == 0 ? " 1" : "*z"),
                 cell(truth), cell(estimate)});
      if (a != kActSlice || verdict(truth) == Verdict::kSame) continue;
      EXPECT_NE(verdict(estimate),
                verdict(truth) == Verdict::kBetter ? Verdict::kWorse : Verdict::kBetter);
    }
  }
  fmt::print("{}\n", table.render(100));
}

INSTANTIATE_TEST_SUITE_P(Loads, CreditGradient,
                         ::testing::Values("game_hogs.yaml", "periodic_hogs.yaml",
                                           "server_hogs.yaml", "messages.yaml",
                                           "periodic_build.yaml", "game_io_batch.yaml",
                                           "learn_modes.yaml"),
                         [](const auto& load) {
                           const std::string name = load.param;
                           return name.substr(0, name.find('.'));
                         });

}  // namespace
}  // namespace quanta
