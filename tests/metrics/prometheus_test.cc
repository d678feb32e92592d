// The real tools of Prometheus against a served agent.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <spawn.h>
#include <sys/wait.h>
#include <csignal>
#include <cstdlib>
#include <fstream>

#include "tests/metrics/scrape.h"

namespace quanta {
namespace {

bool installed(const char* tool) {
  return std::system(fmt::format("command -v {} >/dev/null", tool).c_str()) == 0;  // NOLINT
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
  const std::string command = fmt::format("promtool check metrics <{0} >{1} 2>&1",
                                          folder / "metrics.txt", folder / "said.txt");
  const int status = std::system(command.c_str());  // NOLINT
  std::stringstream said;
  said << std::ifstream(folder / "said.txt").rdbuf();
  EXPECT_EQ(status, 0) << said.str();
  EXPECT_EQ(said.str(), "");
}

uint16_t free_port() {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  bind(fd, reinterpret_cast<const sockaddr*>(&address), size);
  getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  close(fd);
  return ntohs(address.sin_port);
}

// A Prometheus server that scrapes one agent, ended with the object.
class Server {
 public:
  Server(uint16_t agent_port, const TempFolder& folder) : port_(free_port()) {
    std::ofstream(folder / "prometheus.yml")
        << "global: {scrape_interval: 1s, scrape_timeout: 1s}\n"
        << "scrape_configs:\n  - job_name: quanta\n    static_configs:\n"
        << fmt::format("      - targets: ['127.0.0.1:{}']\n", agent_port);
    const std::string arguments[] = {
        "prometheus",
        "--config.file=" + folder / "prometheus.yml",
        "--storage.tsdb.path=" + folder / "data",
        fmt::format("--web.listen-address=127.0.0.1:{}", port_),
        "--log.level=error",
    };
    std::vector<char*> argv;
    for (const std::string& argument : arguments) {
      argv.push_back(const_cast<char*>(argument.c_str()));
    }
    argv.push_back(nullptr);
    started_ = posix_spawnp(&pid_, "prometheus", nullptr, nullptr, argv.data(), environ) == 0;
  }
  ~Server() {
    if (!started_) return;
    kill(pid_, SIGTERM);
    waitpid(pid_, nullptr, 0);
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  bool started() const { return started_; }

  // The API's whole answer, or empty.
  std::string query(const std::string& expression) const {
    const httplib::Result result = tcp_client(port_).Get("/api/v1/query?query=" + expression);
    return result && result->status == 200 ? result->body : std::string();
  }

 private:
  uint16_t port_;
  pid_t pid_ = 0;
  bool started_ = false;
};

TEST(Prometheus, ScrapesTheAgentAndAnswersQueries) {
  ASSERT_TRUE(installed("prometheus")) << "prometheus is missing: install the package 'prometheus'";
  Agent agent;
  const auto exposer = Exposer::open({"127.0.0.1:0"}, agent.metrics);
  ASSERT_TRUE(exposer);
  const TempFolder folder;
  const Server server((*exposer)->port(), folder);
  ASSERT_TRUE(server.started());

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
