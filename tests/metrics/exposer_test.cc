#include "agent/metrics/exposer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "tests/metrics/scrape.h"

namespace quanta {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// What is logged while it lives.
class CapturedLog {
 public:
  CapturedLog() : before_(spdlog::default_logger()) {
    auto sink = std::make_shared<spdlog::sinks::ostream_sink_mt>(text_);
    auto logger = std::make_shared<spdlog::logger>("test", sink);
    logger->set_pattern("%l: %v");
    spdlog::set_default_logger(logger);
  }
  ~CapturedLog() { spdlog::set_default_logger(before_); }
  CapturedLog(const CapturedLog&) = delete;
  CapturedLog& operator=(const CapturedLog&) = delete;
  std::string text() const { return text_.str(); }

 private:
  std::shared_ptr<spdlog::logger> before_;
  std::ostringstream text_;
};

TEST(Exposer, ServesMetricsOverTcp) {
  Agent agent;
  agent.hot.counters.preemptions.add(7);
  const auto exposer = Exposer::open({"127.0.0.1:0"}, agent.metrics);
  ASSERT_TRUE(exposer) << exposer.error().message;
  ASSERT_NE((*exposer)->port(), 0);
  const httplib::Result result = tcp_client((*exposer)->port()).Get("/metrics");
  ASSERT_TRUE(result);
  EXPECT_EQ(result->status, 200);
  EXPECT_EQ(result->get_header_value("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_THAT(result->body, HasSubstr("\nquanta_preemptions_total 7\n"));
}

TEST(Exposer, EachScrapeShowsTheNumbersOfNow) {
  Agent agent;
  const auto exposer = Exposer::open({"localhost:0"}, agent.metrics);
  ASSERT_TRUE(exposer) << exposer.error().message;
  httplib::Client client("localhost", (*exposer)->port());
  for (int i = 1; i <= 3; ++i) {
    agent.hot.counters.preemptions.add();
    const httplib::Result result = client.Get("/metrics");
    ASSERT_TRUE(result);
    EXPECT_THAT(result->body, HasSubstr("\nquanta_preemptions_total " + std::to_string(i) + "\n"));
  }
}

TEST(Exposer, ServesMetricsOverAUnixSocketAndRemovesIt) {
  const TempFolder folder;
  const std::string path = folder / "metrics.sock";
  Agent agent;
  {
    const auto exposer = Exposer::open({"unix:" + path}, agent.metrics);
    ASSERT_TRUE(exposer) << exposer.error().message;
    EXPECT_EQ((*exposer)->port(), 0);
    EXPECT_TRUE(answers(unix_client(path)));
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(Exposer, TheFirstPageNamesTheVersionAndTheMetrics) {
  Agent agent;
  const auto exposer = Exposer::open({"127.0.0.1:0"}, agent.metrics);
  ASSERT_TRUE(exposer);
  const httplib::Result result = tcp_client((*exposer)->port()).Get("/");
  ASSERT_TRUE(result);
  EXPECT_THAT(result->body, AllOf(HasSubstr(std::string(version())), HasSubstr("/metrics")));
}

TEST(Exposer, APortInUseIsAnErrorAndItsOwnerGoesOn) {
  Agent agent;
  const auto first = Exposer::open({"127.0.0.1:0"}, agent.metrics);
  ASSERT_TRUE(first);
  const std::string address = "127.0.0.1:" + std::to_string((*first)->port());
  const auto second = Exposer::open({address}, agent.metrics);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().message,
            "cannot serve metrics on '" + address + "': Address already in use");
  EXPECT_TRUE(answers(tcp_client((*first)->port())));
}

TEST(Exposer, APortIsFreeAgainAfterwards) {
  Agent agent;
  auto first = Exposer::open({"127.0.0.1:0"}, agent.metrics);
  ASSERT_TRUE(first);
  const uint16_t port = (*first)->port();
  EXPECT_TRUE(answers(tcp_client(port)));
  first->reset();
  const auto second = Exposer::open({"127.0.0.1:" + std::to_string(port)}, agent.metrics);
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_TRUE(answers(tcp_client(port)));
}

TEST(Exposer, ASocketInUseIsAnErrorAndItsOwnerGoesOn) {
  const TempFolder folder;
  const std::string path = folder / "metrics.sock";
  Agent agent;
  const auto first = Exposer::open({"unix:" + path}, agent.metrics);
  ASSERT_TRUE(first);
  const auto second = Exposer::open({"unix:" + path}, agent.metrics);
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().message, HasSubstr("the socket is in use"));
  EXPECT_TRUE(answers(unix_client(path)));
}

TEST(Exposer, ReplacesASocketThatNobodyListensOn) {
  const TempFolder folder;
  const std::string path = folder / "metrics.sock";
  const int stale = socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof(address.sun_path) - 1);
  ASSERT_EQ(bind(stale, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
  close(stale);
  Agent agent;
  const auto exposer = Exposer::open({"unix:" + path}, agent.metrics);
  ASSERT_TRUE(exposer) << exposer.error().message;
  EXPECT_TRUE(answers(unix_client(path)));
}

TEST(Exposer, NeverRemovesAFileThatIsNotASocket) {
  const TempFolder folder;
  const std::string path = folder / "notes.txt";
  std::ofstream(path) << "dear diary";
  Agent agent;
  const auto exposer = Exposer::open({"unix:" + path}, agent.metrics);
  ASSERT_FALSE(exposer);
  EXPECT_THAT(exposer.error().message, HasSubstr("the file exists and is not a socket"));
  EXPECT_EQ(std::filesystem::file_size(path), 10);
}

TEST(Exposer, LeavesASocketThatAnotherHasPutInItsPlace) {
  const TempFolder folder;
  const std::string path = folder / "metrics.sock";
  Agent agent;
  auto first = Exposer::open({"unix:" + path}, agent.metrics);
  ASSERT_TRUE(first);
  std::filesystem::rename(path, folder / "moved.sock");
  const auto second = Exposer::open({"unix:" + path}, agent.metrics);
  ASSERT_TRUE(second);
  first->reset();
  EXPECT_TRUE(answers(unix_client(path)));
}

TEST(Exposer, WhatCannotBeServedIsOneWarning) {
  Agent agent;
  for (const char* address :
       {"203.0.113.1:9464", "unix:/nowhere/metrics.sock", "no-such-host.invalid:1"}) {
    const CapturedLog log;
    EXPECT_EQ(Exposer::open_or_warn({address}, agent.metrics), nullptr) << address;
    EXPECT_THAT(log.text(),
                StartsWith("warning: cannot serve metrics on '" + std::string(address)));
    EXPECT_THAT(log.text(), HasSubstr("going on without"));
    const std::string text = log.text();
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
  }
}

TEST(Exposer, ServesPagesBesideMetrics) {
  Agent agent;
  int asked = 0;
  const std::vector<Page> pages = {
      {"/tasks", "application/json", [&] { return std::to_string(++asked); }},
      {"/", "text/html", [] { return std::string("<p>hello</p>"); }},
      {"/broken", "text/plain", []() -> std::string { throw std::runtime_error("no"); }}};
  const auto exposer = Exposer::open({"127.0.0.1:0"}, agent.metrics, pages);
  ASSERT_TRUE(exposer) << exposer.error().message;
  const int port = (*exposer)->port();
  for (const char* body : {"1", "2"}) {
    const httplib::Result result = tcp_client(port).Get("/tasks");
    ASSERT_TRUE(result);
    EXPECT_EQ(result->get_header_value("Content-Type"), "application/json");
    EXPECT_EQ(result->body, body);
  }
  EXPECT_EQ(tcp_client(port).Get("/")->body, "<p>hello</p>");
  EXPECT_EQ(tcp_client(port).Get("/broken")->status, 500);
  EXPECT_TRUE(answers(tcp_client(port)));
}

TEST(Exposer, NoneServesNothingAndSaysNothing) {
  Agent agent;
  const CapturedLog log;
  EXPECT_EQ(Exposer::open_or_warn({"none"}, agent.metrics), nullptr);
  EXPECT_EQ(log.text(), "");
}

}  // namespace
}  // namespace quanta
