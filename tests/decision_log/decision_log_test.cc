// Logging decisions of a simulated machine to a file.
#include "agent/decision_log/decision_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cmath>
#include <csignal>
#include <filesystem>
#include <set>
#include <sstream>

#include "tests/decision_log/simulated.h"

namespace quanta {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr const char* kLoad = "game_hogs.yaml";

class DecisionLogFile : public ::testing::Test {
 protected:
  ~DecisionLogFile() override { std::filesystem::remove(file_); }

  std::unique_ptr<DecisionLog> open(const DecisionLogConfig& config) {
    return DecisionLog::open(config, config_.reward, 1,
                             [this](const std::string& line) { said_.push_back(line); })
        .value();
  }
  Simulated run(DecisionLog* log, double seconds = 1) const {
    return simulate(config_, kLoad, constant_policy(config_.learner, {0.1F, -0.2F, 0.3F}, 0.5F),
                    seconds, log);
  }

  const std::string file_ = testing::TempDir() + "decision_log_" +
                            testing::UnitTest::GetInstance()->current_test_info()->name() + ".csv";
  const Config config_ = exploring_config(1);
  std::vector<std::string> said_;
};

TEST_F(DecisionLogFile, HoldsEveryDecisionWithItsPropensity) {
  const auto log = open({.decisions = file_, .share = 1, .limit_mib = 64});
  const Simulated simulated = run(log.get());
  const std::vector<LoggedDecision> all = decisions_of(file_);
  EXPECT_GT(all.size(), 1000U);
  EXPECT_EQ(all.size(), simulated.records);
  EXPECT_EQ(log->logged(), all.size());
  EXPECT_EQ(log->lost(), 0U);
  EXPECT_THAT(said_, IsEmpty());
  double squares = 0;
  size_t explored = 0;
  for (const LoggedDecision& d : all) {
    EXPECT_EQ(d.arm, "full");
    EXPECT_THAT(d.mean, ElementsAre(0.1F, -0.2F, 0.3F));
    double sum = 0;
    for (const double term : d.terms) sum += term;
    EXPECT_NEAR(d.reward, sum, 1e-6 * std::abs(sum) + 1e-3);
    if (!d.explored()) {  // past its promised share
      EXPECT_EQ(d.taken, d.mean);
      continue;
    }
    EXPECT_EQ(d.sd, 0.5F);
    EXPECT_DOUBLE_EQ(d.log_propensity, log_density(d.taken, d.mean, d.sd));
    for (size_t a = 0; a < kActions; ++a) squares += std::pow((d.taken[a] - d.mean[a]) / d.sd, 2);
    ++explored;
  }
  EXPECT_GT(explored, all.size() / 2);
  const auto n = static_cast<double>(3 * explored);
  EXPECT_NEAR(squares / n, 1, 4 * std::sqrt(2 / n)) << "the noise is not what the propensity says";
}

TEST_F(DecisionLogFile, TakesAShareWithoutRegardToWhatIsInIt) {
  const auto lines = [&](double share) {
    const auto log = open({.decisions = file_, .share = share, .limit_mib = 64});
    run(log.get(), 2);
    std::istringstream text(content_of(file_));
    std::vector<std::string> all;
    for (std::string line; std::getline(text, line);) {
      if (!line.starts_with("#")) all.push_back(line);
    }
    return all;
  };
  const std::vector<std::string> whole = lines(1);
  const std::vector<std::string> part = lines(0.25);
  const auto n = static_cast<double>(whole.size());
  EXPECT_NEAR(static_cast<double>(part.size()), n / 4, 5 * std::sqrt(n * 3 / 16));
  const std::set<std::string> known(whole.begin(), whole.end());
  for (const std::string& line : part) EXPECT_EQ(known.count(line), 1U);
}

TEST_F(DecisionLogFile, LoggingDoesNotChangeWhatHappens) {
  const Simulated without = run(nullptr);
  const auto log = open({.decisions = file_, .share = 0.5, .limit_mib = 64});
  const Simulated with = run(log.get());
  EXPECT_EQ(with.reward_rate, without.reward_rate);
  EXPECT_EQ(with.records, without.records);
}

TEST_F(DecisionLogFile, StopsAtItsLimitWithOneLine) {
  const auto log = open({.decisions = file_, .share = 1, .limit_mib = 1});
  const Simulated simulated = run(log.get(), 4);
  EXPECT_THAT(said_, ElementsAre(file_ + ": has reached 1 MiB (log.limit_mib); decisions are no "
                                         "longer logged"));
  EXPECT_LE(std::filesystem::file_size(file_), 1U << 20);
  EXPECT_GT(std::filesystem::file_size(file_), (1U << 20) - 1024);
  EXPECT_EQ(decisions_of(file_).size(), log->logged());
  EXPECT_EQ(log->logged() + log->lost(), simulated.records);
  EXPECT_GT(log->lost(), 0U);
}

TEST_F(DecisionLogFile, AFullDiskCostsOneLineAndTheDecisions) {
  const auto log = open({.decisions = "/dev/full", .share = 1, .limit_mib = 64});
  const Simulated simulated = run(log.get());
  EXPECT_THAT(said_, ElementsAre("/dev/full: cannot be written: No space left on device; decisions "
                                 "are no longer logged"));
  EXPECT_EQ(log->logged(), 0U);
  EXPECT_EQ(log->lost(), simulated.records);
}

TEST_F(DecisionLogFile, ADiskThatFillsUpKeepsWholeLines) {
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto log = open({.decisions = file_, .share = 1, .limit_mib = 64});
  const rlimit small{.rlim_cur = 100'001, .rlim_max = before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  const Simulated simulated = run(log.get());
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  EXPECT_THAT(said_,
              ElementsAre(file_ + ": cannot be written: File too large; decisions are no longer "
                                  "logged"));
  EXPECT_GT(log->logged(), 100U);
  EXPECT_EQ(decisions_of(file_).size(), log->logged());
  EXPECT_EQ(log->logged() + log->lost(), simulated.records);
}

TEST_F(DecisionLogFile, WhatCannotBeOpenedIsOneLine) {
  const auto log = DecisionLog::open({.decisions = "/nowhere/d.csv"}, config_.reward, 1,
                                     [](const std::string&) {});
  ASSERT_FALSE(log);
  EXPECT_EQ(log.error().message, "/nowhere/d.csv: cannot be written: No such file or directory");
  EXPECT_EQ(DecisionLog::open({}, config_.reward, 1, {}).value(), nullptr) << "off by default";
}

}  // namespace
}  // namespace quanta
