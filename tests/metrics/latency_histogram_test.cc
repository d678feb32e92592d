#include "agent/metrics/latency_histogram.h"

#include <gtest/gtest.h>
#include <algorithm>
#include <thread>
#include <vector>

#include "env/base/rng.h"

namespace quanta {
namespace {

TEST(HistogramState, EveryValueIsInTheBucketWhoseBoundsHoldIt) {
  std::vector<Nanos> values = {0, 1, 2, 3, 4, 5, 6, UINT64_MAX - 1, UINT64_MAX};
  for (int bit = 1; bit < 64; ++bit) {
    for (int d = -1; d <= 1; ++d) values.push_back((Nanos{1} << bit) + static_cast<Nanos>(d));
  }
  for (const Nanos value : values) {
    const size_t bucket = HistogramState::bucket_of(value);
    ASSERT_LT(bucket, HistogramState::kBuckets);
    EXPECT_LE(value, HistogramState::upper_bound(bucket)) << value;
    if (bucket > 0) {
      EXPECT_GT(value, HistogramState::upper_bound(bucket - 1)) << value;
    }
  }
}

TEST(HistogramState, ABucketIsAtMostAQuarterOfItsLowerBoundWide) {
  for (size_t i = 4; i + 1 < HistogramState::kBuckets; ++i) {
    const Nanos lower = HistogramState::upper_bound(i - 1);
    EXPECT_LE(HistogramState::upper_bound(i) - lower, lower / 4) << i;
  }
}

TEST(LatencyHistogram, EmptyIsZero) {
  const HistogramState state = LatencyHistogram().state();
  EXPECT_EQ(state.count(), 0);
  EXPECT_EQ(state.mean(), 0);
  EXPECT_EQ(state.quantile(0.5), 0);
}

TEST(LatencyHistogram, CountsAndMeanAreExact) {
  LatencyHistogram histogram;
  for (const Nanos value : {10, 20, 60}) histogram.record(value);
  EXPECT_EQ(histogram.state().count(), 3);
  EXPECT_EQ(histogram.state().mean(), 30);
  EXPECT_EQ(histogram.state().count_up_to(20), 2);
  EXPECT_EQ(histogram.state().count_up_to(19), 1);
  EXPECT_EQ(histogram.state().count_up_to(UINT64_MAX), 3);
}

TEST(LatencyHistogram, QuantilesAreWithinABucketOfTheTrueOnes) {
  Rng rng(3);
  LatencyHistogram histogram;
  std::vector<Nanos> values;
  for (int i = 0; i < 20'000; ++i) {
    values.push_back(static_cast<Nanos>(50'000 * rng.exponential()));
    histogram.record(values.back());
  }
  std::sort(values.begin(), values.end());
  const HistogramState state = histogram.state();
  for (const double q : {0.01, 0.1, 0.5, 0.9, 0.99, 0.999}) {
    const auto exact = static_cast<double>(values[static_cast<size_t>(q * 20'000)]);
    EXPECT_NEAR(state.quantile(q), exact, 0.25 * exact) << q;
  }
  EXPECT_GE(state.quantile(1), static_cast<double>(values.back()));
  EXPECT_LE(state.quantile(0), static_cast<double>(values.front()) + 1);
}

TEST(LatencyHistogram, MergedStatesCountAsOne) {
  LatencyHistogram all;
  LatencyHistogram halves[2];
  Rng rng(5);
  for (int i = 0; i < 1'000; ++i) {
    const Nanos value = rng.next() >> (20 + rng.below(44));
    all.record(value);
    halves[i % 2].record(value);
  }
  HistogramState merged = halves[0].state();
  merged.merge(halves[1].state());
  EXPECT_EQ(merged.counts, all.state().counts);
  EXPECT_EQ(merged.sum, all.state().sum);
}

TEST(LatencyHistogram, AReaderSeesCountsThatOnlyGrow) {
  constexpr uint64_t kRecords = 200'000;
  LatencyHistogram histogram;
  std::thread writer([&] {
    for (uint64_t i = 0; i < kRecords; ++i) histogram.record(i);
  });
  uint64_t last = 0;
  while (last < kRecords) {
    const uint64_t count = histogram.state().count();
    ASSERT_GE(count, last);
    ASSERT_LE(count, kRecords);
    last = count;
  }
  writer.join();
  EXPECT_EQ(histogram.state().sum, kRecords * (kRecords - 1) / 2);
}

}  // namespace
}  // namespace quanta
