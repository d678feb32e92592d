#include "agent/shadow/forecast.h"

#include <gtest/gtest.h>

#include <cmath>

#include "agent/features/features.h"
#include "agent/features/log2.h"
#include "agent/run/hot_side.h"
#include "agent/shadow/shadowing.h"

namespace quanta {
namespace {

// An activation that was decided at its wake-up.
Record activation(Nanos burst, Nanos last, Nanos average) {
  Record r{};
  r.kind = RecordKind::kBurst;
  r.burst = burst;
  r.importance = 1;
  r.act.prior_rem = std::log2(static_cast<float>(average));
  r.act.x[kBurstLast] = static_cast<float>(log2_q8(last)) / kOctave;
  r.act.x[kBurstMean] = static_cast<float>(log2_q8(average)) / kOctave;
  return r;
}

Weights untrained() {
  return prior_weights(LearnerConfig());
}

float log2_of(Nanos time) {
  return std::log2(static_cast<float>(time));
}

TEST(Forecast, EachPredictorSaysItsOwn) {
  const auto f = forecast(activation(kMillisecond, 3 * kMillisecond, 500 * kMicrosecond),
                          untrained(), untrained());
  ASSERT_TRUE(f);
  EXPECT_NEAR(f->truth, log2_of(kMillisecond), 1e-3);
  EXPECT_NEAR(f->said[kByLast], log2_of(3 * kMillisecond), 0.01);
  EXPECT_NEAR(f->said[kByAverage], log2_of(500 * kMicrosecond), 0.01);
  // An untrained network is the prior, which goes by the average; an unknown name says 1 ms.
  EXPECT_NEAR(f->said[kByNetwork], log2_of(500 * kMicrosecond), 0.01);
  EXPECT_NEAR(f->said[kByName], log2_of(kMillisecond), 0.01);
}

TEST(Forecast, StaysWithinWhatCounts) {
  const auto f = forecast(activation(10 * kSecond, 1, 10 * kSecond), untrained(), untrained());
  ASSERT_TRUE(f);
  EXPECT_NEAR(f->truth, log2_of(kSeedLongest), 1e-3);
  EXPECT_NEAR(f->said[kByAverage], log2_of(kSeedLongest), 1e-3);
  EXPECT_GE(f->said[kByLast], log2_of(kSeedShortest) - 1e-3F);
}

TEST(Forecast, OnlyWhatWasDecidedAtItsWakeUpAndIsKnownToItsEndCounts) {
  Record late = activation(kMillisecond, kMillisecond, kMillisecond);
  late.act.x[kExec] = 12;
  EXPECT_FALSE(forecast(late, untrained(), untrained()));
  Record cut = activation(kMillisecond, kMillisecond, kMillisecond);
  cut.censored = true;
  EXPECT_FALSE(forecast(cut, untrained(), untrained()));
}

TEST(ForecastScore, MeansByHand) {
  ForecastScore score(1e9);
  score.add(20, 21);  // 1 ms foretold, 2 ms: too short by one octave
  score.add(22, 20);
  EXPECT_DOUBLE_EQ(score.error(), 1.5);
  EXPECT_DOUBLE_EQ(score.bias(), -0.5);
  EXPECT_DOUBLE_EQ(score.longer(), 0.5);
  EXPECT_NEAR(score.seconds(), (1.048576e-3 + 3 * 1.048576e-3) / 2, 1e-9);
}

TEST(ForecastScore, ForgetsWhatIsOld) {
  ForecastScore score(10);
  for (int i = 0; i < 100; ++i) score.add(20, 25);
  for (int i = 0; i < 100; ++i) score.add(20, 20);
  EXPECT_LT(score.error(), 0.01);
}

TEST(Forecast, NamesAndPrioritiesAreToldApart) {
  Record a = activation(1, 1, 1);
  Record b = a;
  EXPECT_EQ(name_inputs(a), name_inputs(b));
  b.importance = 4;
  EXPECT_NE(name_inputs(a).back(), name_inputs(b).back());
  b = a;
  b.act.x[kNameA] = 17.0F / kOctave;
  EXPECT_NE(name_inputs(a), name_inputs(b));
  b = a;
  b.act.x[kNameB] = -1;
  EXPECT_NE(name_inputs(a), name_inputs(b));
}

TEST(Forecasts, AreCountedAndShownAsATable) {
  Forecasts forecasts(nullptr, 1);
  for (int i = 0; i < 8; ++i) {
    forecasts.take(activation(kMillisecond, 2 * kMillisecond, kMillisecond), untrained(), 0);
    forecasts.learn();
  }
  EXPECT_EQ(forecasts.count(), 8U);
  EXPECT_NEAR(forecasts.all(kByLast).error(), 1, 0.01);
  EXPECT_NEAR(forecasts.lately(kByNetwork).error(), 0, 0.01);
  const std::string table = describe(forecasts);
  EXPECT_NE(table.find("8 runs foretold"), std::string::npos);
  EXPECT_NE(table.find("  last value"), std::string::npos);
}

}  // namespace
}  // namespace quanta
