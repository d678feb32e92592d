#include "agent/metrics/metrics_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace quanta {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Good {
  const char* address;
  Endpoint endpoint;
};

TEST(MetricsConfig, TakesAddressesApart) {
  const Good kCases[] = {
      {"127.0.0.1:9464", {Endpoint::Kind::kTcp, "127.0.0.1", 9464, ""}},
      {"localhost:0", {Endpoint::Kind::kTcp, "localhost", 0, ""}},
      {"my-host.example:65535", {Endpoint::Kind::kTcp, "my-host.example", 65535, ""}},
      {"[::1]:80", {Endpoint::Kind::kTcp, "::1", 80, ""}},
      {"unix:/run/quanta.sock", {Endpoint::Kind::kUnix, "", 0, "/run/quanta.sock"}},
      {"none", {Endpoint::Kind::kNone, "", 0, ""}},
  };
  for (const Good& c : kCases) {
    const Result<Endpoint> endpoint = parse_endpoint(c.address);
    ASSERT_TRUE(endpoint) << c.address << ": " << endpoint.error().message;
    EXPECT_EQ(endpoint->kind, c.endpoint.kind) << c.address;
    EXPECT_EQ(endpoint->host, c.endpoint.host) << c.address;
    EXPECT_EQ(endpoint->port, c.endpoint.port) << c.address;
    EXPECT_EQ(endpoint->path, c.endpoint.path) << c.address;
  }
}

struct Bad {
  std::string address;
  const char* message;
};

TEST(MetricsConfig, SaysWhatIsWrongWithAnAddress) {
  const Bad kCases[] = {
      {"", "expected HOST:PORT, unix:/PATH or none"},
      {"9464", "expected HOST:PORT, unix:/PATH or none"},
      {":9464", "expected a host name or address before ':PORT' (IPv6 in brackets)"},
      {"::1:9464", "expected a host name or address before ':PORT' (IPv6 in brackets)"},
      {"[zz]:9464", "expected a host name or address before ':PORT' (IPv6 in brackets)"},
      {"a b:9464", "expected a host name or address before ':PORT' (IPv6 in brackets)"},
      {"localhost:", "expected a port between 0 and 65535"},
      {"localhost:65536", "expected a port between 0 and 65535"},
      {"localhost:-1", "expected a port between 0 and 65535"},
      {"localhost:80x", "expected a port between 0 and 65535"},
      {"unix:quanta.sock", "expected an absolute path after 'unix:'"},
      {"unix:/" + std::string(107, 'x'), "expected a socket path of at most 107 bytes"},
  };
  for (const Bad& c : kCases) {
    const Result<Endpoint> endpoint = parse_endpoint(c.address);
    ASSERT_FALSE(endpoint) << c.address;
    EXPECT_EQ(endpoint.error().message, c.message) << c.address;
  }
}

std::vector<std::string> problems(const std::string& text, MetricsConfig& config) {
  Diagnostics diagnostics;
  Section root = Section::parse(text, "f.yaml", diagnostics);
  root.section("metrics", [&](Section& section) { read(section, config); });
  root.finish();
  return diagnostics.lines();
}

TEST(MetricsConfig, IsCheckedWhenRead) {
  MetricsConfig config;
  EXPECT_THAT(problems("metrics: {address: 'unix:/run/q.sock'}", config), IsEmpty());
  EXPECT_EQ(config.address, "unix:/run/q.sock");
  EXPECT_THAT(problems("metrics:\n  address: localhost:99999\n", config),
              ElementsAre("f.yaml:2: key 'metrics.address': expected a port between 0 and 65535, "
                          "got 'localhost:99999'"));
}

TEST(MetricsConfig, AnAddressThatIsNotTextIsOneProblem) {
  MetricsConfig config;
  EXPECT_THAT(problems("metrics: {address: [1]}", config),
              ElementsAre("f.yaml:1: key 'metrics.address': expected text, got a list"));
}

TEST(MetricsConfig, TheDefaultIsAnAddress) {
  EXPECT_TRUE(parse_endpoint(MetricsConfig().address));
}

}  // namespace
}  // namespace quanta
