#include "agent/metrics/scrape.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scrape.h"

namespace quanta {
namespace {

using ::testing::HasSubstr;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

TEST(Samples, OfTheSameNameAreAddedUp) {
  EXPECT_THAT(parse_samples("# HELP a what it is\n# TYPE a counter\na{x=\"1\"} 2\na{x=\"2\"} 3.5\n"
                            "b 1e3\nc_bucket{le=\"1\"} 4\nc_count 9\nnonsense\nd not-a-number\n"),
              UnorderedElementsAre(Pair("a", 5.5), Pair("b", 1000), Pair("c_count", 9)));
}

TEST(Scrape, ReadsARunningAgentOnTcpAndOnAUnixSocket) {
  Agent agent;
  agent.hot.counters.preemptions.add(3);
  const auto tcp = Exposer::open({.address = "127.0.0.1:0"}, agent.metrics);
  ASSERT_TRUE(tcp);
  const auto over_tcp = scrape({.address = "127.0.0.1:" + std::to_string((*tcp)->port())});
  ASSERT_TRUE(over_tcp);
  EXPECT_EQ(over_tcp->at("quanta_preemptions_total"), 3);

  const TempFolder folder;
  const MetricsConfig config{.address = "unix:" + (folder / "metrics")};
  const auto unix_socket = Exposer::open(config, agent.metrics);
  ASSERT_TRUE(unix_socket);
  const auto over_unix = scrape(config);
  ASSERT_TRUE(over_unix);
  EXPECT_EQ(over_unix->at("quanta_preemptions_total"), 3);
}

TEST(Scrape, SaysWhereNobodyAnswers) {
  EXPECT_THAT(scrape({.address = "127.0.0.1:1"}).error().message,
              HasSubstr("127.0.0.1:1: no agent answers here"));
  EXPECT_THAT(scrape({.address = "none"}).error().message, HasSubstr("switched off"));
}

}  // namespace
}  // namespace quanta
