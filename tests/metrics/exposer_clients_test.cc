#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <list>

#include "tests/metrics/scrape.h"

namespace quanta {
namespace {

using ::testing::AnyOf;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class ExposerClients : public ::testing::Test {
 protected:
  void SetUp() override {
    auto opened = Exposer::open({"127.0.0.1:0"}, agent_.metrics);
    ASSERT_TRUE(opened) << opened.error().message;
    exposer_ = *std::move(opened);
  }
  bool still_answers() const { return answers(tcp_client(exposer_->port())); }

  Agent agent_;
  std::unique_ptr<Exposer> exposer_;
};

TEST_F(ExposerClients, AMalformedRequestIsRefusedAndHurtsNobody) {
  const std::string requests[] = {
      "\r\n\r\n",
      "hello\r\n\r\n",
      std::string("\0\xff\xfe\x16\x03\x01", 6) + "\r\n\r\n",
      "GET\r\n\r\n",
      "GET /metrics HTTP/9.9\r\n\r\n",
      "BREW /metrics HTTP/1.1\r\n\r\n",
      "GET /" + std::string(20'000, 'a') + " HTTP/1.1\r\n\r\n",
      "GET /metrics HTTP/1.1\r\nX: " + std::string(100'000, 'a') + "\r\n\r\n",
      "GET /../../etc/passwd HTTP/1.1\r\n\r\n",
      "GET /%2e%2e/%00 HTTP/1.1\r\n\r\n",
      "POST /metrics HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
      "POST /metrics HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
  };
  for (const std::string& request : requests) {
    const RawClient client(exposer_->port());
    ASSERT_TRUE(client.connected());
    client.send(request);
    EXPECT_THAT(client.receive_all(), AnyOf(IsEmpty(), StartsWith("HTTP/1.1 4"))) << request;
    EXPECT_TRUE(still_answers()) << request;
  }
}

TEST_F(ExposerClients, ClientsThatStopHalfwayKeepNobodyOut) {
  std::list<RawClient> stuck;
  for (int i = 0; i < 16; ++i) {
    stuck.emplace_back(exposer_->port());
    stuck.back().send(i % 2 == 0 ? "GET /met" : "");
  }
  EXPECT_TRUE(eventually([this] { return still_answers(); }));
  for (const RawClient& client : stuck)
    EXPECT_THAT(client.receive_all(), AnyOf(IsEmpty(), StartsWith("HTTP/1.1 4")));
}

TEST_F(ExposerClients, ClientsThatVanishHurtNobody) {
  for (int i = 0; i < 50; ++i) {
    const RawClient client(exposer_->port());
    client.send("GET /metrics HTTP/1.1\r\n\r\n");
    client.reset();
  }
  EXPECT_TRUE(eventually([this] { return still_answers(); }));
}

TEST_F(ExposerClients, ManyAtOnceAreAllServed) {
  constexpr int kClients = 16;
  std::vector<std::thread> clients;
  clients.reserve(kClients);
  std::atomic<int> served{0};
  for (int i = 0; i < kClients; ++i) {
    clients.emplace_back([&] {
      for (int k = 0; k < 5; ++k) served += eventually([this] { return still_answers(); });
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(served, 5 * kClients);
}

TEST_F(ExposerClients, AnUnknownPageIsNotFound) {
  const httplib::Result result = tcp_client(exposer_->port()).Get("/secret");
  ASSERT_TRUE(result);
  EXPECT_EQ(result->status, 404);
}

TEST_F(ExposerClients, StoppingEndsAClientThatStays) {
  const RawClient client(exposer_->port());
  client.send("GET /met");
  exposer_.reset();
  EXPECT_THAT(client.receive_all(), AnyOf(IsEmpty(), StartsWith("HTTP/1.1 4")));
}

}  // namespace
}  // namespace quanta
