#include "agent/policy/publisher.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "tests/policy/random_net.h"

namespace quanta {
namespace {

// Checksummed, with versions from 0 up.
std::vector<Weights> snapshots(int count) {
  Rng rng(6);
  std::vector<Weights> all;
  for (int i = 0; i < count; ++i) {
    Weights& weights = all.emplace_back(random_net(rng));
    weights.version = i;
    weights.checksum = checksum_of(weights);
  }
  return all;
}

TEST(PublisherTest, ReaderSeesAPublicationAtItsNextQuiescentState) {
  const auto nets = snapshots(2);
  Publisher publisher(nets[0]);
  const Weights& before = publisher.current();
  ASSERT_TRUE(publisher.publish(nets[1]));
  EXPECT_EQ(publisher.swaps(), 1U);
  EXPECT_EQ(&publisher.current(), &before);
  EXPECT_EQ(before.version, 0U);
  publisher.quiescent();
  EXPECT_EQ(publisher.current().version, 1U);
  EXPECT_EQ(checksum_of(publisher.current()), nets[1].checksum);
}

TEST(PublisherTest, SlowReaderKeepsItsSnapshotAndPublishSaysTryLater) {
  const auto nets = snapshots(8);
  Publisher publisher(nets[0]);
  const Weights& held = publisher.current();
  for (uint64_t i = 1; i < Publisher::kSnapshots; ++i) EXPECT_TRUE(publisher.publish(nets[i]));
  EXPECT_FALSE(publisher.publish(nets[7]));
  EXPECT_FALSE(publisher.publish(nets[7]));
  EXPECT_EQ(publisher.swaps(), Publisher::kSnapshots - 1);
  EXPECT_EQ(checksum_of(held), nets[0].checksum);

  publisher.quiescent();
  EXPECT_EQ(publisher.current().version, Publisher::kSnapshots - 1);
  for (uint64_t i = 1; i < Publisher::kSnapshots; ++i) EXPECT_TRUE(publisher.publish(nets[i]));
  EXPECT_FALSE(publisher.publish(nets[7]));
  EXPECT_EQ(checksum_of(publisher.current()), nets[3].checksum);
}

// The parameter is how often the reader checks one snapshot before it lets go: 1 is a fast reader.
class PublisherStressTest : public testing::TestWithParam<int> {};

TEST_P(PublisherStressTest, NoReadIsTorn) {
  constexpr int kReads = 5'000;
  const auto nets = snapshots(16);
  Publisher publisher(nets[0]);
  std::atomic<bool> done{false};
  std::thread learner([&] {
    for (size_t i = 0; !done.load(std::memory_order_relaxed); ++i) {
      if (!publisher.publish(nets[i % nets.size()])) std::this_thread::yield();
    }
  });
  int torn = 0;
  for (int i = 0; i < kReads; ++i) {
    if (i % GetParam() == 0) publisher.quiescent();
    const Weights& weights = publisher.current();
    torn += checksum_of(weights) != weights.checksum ? 1 : 0;
  }
  done.store(true, std::memory_order_relaxed);
  learner.join();
  EXPECT_EQ(torn, 0);
  EXPECT_GT(publisher.swaps(), 0U);
}
INSTANTIATE_TEST_SUITE_P(FastAndSlowReader, PublisherStressTest, testing::Values(1, 50));

TEST(PublisherTest, ReaderNeverGoesBackAndReachesTheLastPublication) {
  constexpr uint64_t kLast = 20'000;
  Publisher publisher(Weights{});
  std::thread learner([&] {
    Weights weights;
    for (weights.version = 1; weights.version <= kLast; ++weights.version) {
      while (!publisher.publish(weights)) std::this_thread::yield();
    }
  });
  uint64_t seen = 0;
  bool ordered = true;
  while (seen < kLast) {
    publisher.quiescent();
    const uint64_t version = publisher.current().version;
    ordered &= version >= seen;
    seen = version;
  }
  learner.join();
  EXPECT_TRUE(ordered);
  EXPECT_EQ(publisher.swaps(), kLast);
}

}  // namespace
}  // namespace quanta
