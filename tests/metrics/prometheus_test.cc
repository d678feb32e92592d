// The real tools of Prometheus against a served agent.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <optional>

#include "tests/metrics/scrape.h"
#include "tests/process.h"

namespace quanta {
namespace {

bool installed(const char* tool) {
  return shell(fmt::format("command -v {}", tool)).exit_code == 0;
}

TEST(Prometheus, ItsLinterAcceptsEveryMetric) {
  ASSERT_TRUE(installed("promtool")) << "promtool is missing: install the package 'prometheus'";
  Agent agent;
  agent.metrics.reward.add("switch", -1);
  agent.hot.slice.record(kMillisecond);
  const auto exposer = Exposer::open({"127.0.0.1:0"}, agent.metrics);
  ASSERT_TRUE(exposer);
  const httplib::Result scraped = tcp_client((*exposer)->port()).Get("/metrics");
  ASSERT_TRUE(scraped);

  const TempFolder folder;
  std::ofstream(folder / "metrics.txt") << scraped->body;
  const Outcome checked = shell(fmt::format("promtool check metrics <{}", folder / "metrics.txt"));
  EXPECT_EQ(checked.exit_code, 0) << checked.said;
  EXPECT_EQ(checked.said, "");
}

// A Prometheus server that scrapes one agent, ended with the object.
class Server {
 public:
  Server(uint16_t agent_port, const TempFolder& folder) : port_(free_port()) {
    std::ofstream(folder / "prometheus.yml")
        << "global: {scrape_interval: 1s, scrape_timeout: 1s}\n"
        << "scrape_configs:\n  - job_name: quanta\n    static_configs:\n"
        << fmt::format("      - targets: ['127.0.0.1:{}']\n", agent_port);
    child_.emplace(std::vector<std::string>{
        "prometheus", "--config.file=" + folder / "prometheus.yml",
        "--storage.tsdb.path=" + folder / "data",
        fmt::format("--web.listen-address=127.0.0.1:{}", port_), "--log.level=error"});
  }

  // The API's whole answer, or empty.
  std::string query(const std::string& expression) const {
    const httplib::Result result = tcp_client(port_).Get("/api/v1/query?query=" + expression);
    return result && result->status == 200 ? result->body : std::string();
  }

 private:
  int port_;
  std::optional<Child> child_;
};

TEST(Prometheus, ScrapesTheAgentAndAnswersQueries) {
  ASSERT_TRUE(installed("prometheus")) << "prometheus is missing: install the package 'prometheus'";
  Agent agent;
  const auto exposer = Exposer::open({"127.0.0.1:0"}, agent.metrics);
  ASSERT_TRUE(exposer);
  const TempFolder folder;
  const Server server((*exposer)->port(), folder);

  const auto shows = [&](const std::string& expression, const std::string& value) {
    return eventually(
        [&] { return server.query(expression).find("\"" + value + "\"]") != std::string::npos; });
  };
  agent.metrics.learner.updates.Increment(41);
  EXPECT_TRUE(shows("quanta_learner_updates_total", "41"));
  agent.metrics.learner.updates.Increment();
  EXPECT_TRUE(shows("quanta_learner_updates_total", "42"));
  agent.hot.wakeup_latency.record(kMillisecond);
  EXPECT_TRUE(shows("quanta_wakeup_latency_seconds_count", "1"));
  EXPECT_TRUE(shows("up", "1"));
}

}  // namespace
}  // namespace quanta
