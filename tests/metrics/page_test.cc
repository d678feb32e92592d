// The page as a browser shows it, on a real run of `scx_quanta`. Needs Chromium.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <map>
#include <regex>
#include <sstream>

#include "agent/metrics/page.h"
#include "tests/metrics/scrape.h"

namespace quanta {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string text_of(const std::string& file) {
  std::stringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

// A simulated run that serves its metrics, ended with the object.
class SimRun {
 public:
  explicit SimRun(const TempFolder& folder) : log_(folder / "log") {
    const std::string config = folder / "config.yaml";
    port_ = free_port();
    std::ofstream(config) << "metrics: {address: \"127.0.0.1:" << port_ << "\"}\n"
                          << "checkpoint: {directory: \"" << (folder / "saved") << "\"}\n"
                          << "learner: {batch: 256}\n";
    pid_ = fork();
    if (pid_ != 0) return;
    freopen(log_.c_str(), "w", stdout);
    freopen(log_.c_str(), "a", stderr);
    execl(QUANTA_BINARY_DIR "/bin/scx_quanta", "scx_quanta", "run", "--env", "sim", "--config",
          config.c_str(), "--workload", QUANTA_SOURCE_DIR "/configs/workloads/server_hogs.yaml",
          nullptr);
    _exit(127);
  }
  ~SimRun() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  SimRun(const SimRun&) = delete;
  SimRun& operator=(const SimRun&) = delete;

  std::string url() const { return fmt::format("http://127.0.0.1:{}", port_); }
  std::string log() const { return text_of(log_); }
  std::string scrape() const {
    const httplib::Result result = tcp_client(port_).Get("/metrics");
    return result ? result->body : "";
  }

 private:
  static int free_port() {
    Agent agent;
    const auto exposer = Exposer::open({"127.0.0.1:0"}, agent.metrics);
    return (*exposer)->port();
  }

  std::string log_;
  int port_ = 0;
  pid_t pid_ = 0;
};

// Samples by name and labels, but for histograms' buckets.
std::map<std::string, double> samples(const std::string& text) {
  std::map<std::string, double> found;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const size_t at = line.rfind(' ');
    if (line.empty() || line[0] == '#' || line.find("_bucket{") != std::string::npos) continue;
    found[line.substr(0, at)] = std::atof(line.c_str() + at);
  }
  return found;
}

// What the page says it shows: data-metric and data-value of its elements.
std::map<std::string, double> shown(std::string dom) {
  std::map<std::string, double> found;
  const std::regex pattern("data-metric=\"([^\"]*)\" data-value=\"([^\"]*)\"");
  for (std::sregex_iterator it(dom.begin(), dom.end(), pattern), end; it != end; ++it) {
    found[std::regex_replace((*it)[1].str(), std::regex("&quot;"), "\"")] =
        std::atof((*it)[2].str().c_str());
  }
  return found;
}

TEST(Page, ShowsTheMetricsOfARunAndAsksNobodyElse) {
  ASSERT_EQ(std::system("command -v chromium >/dev/null"), 0)  // NOLINT
      << "chromium is missing: install the package 'chromium'";
  const TempFolder folder;
  const SimRun run(folder);
  ASSERT_TRUE(eventually([&] { return samples(run.scrape())["quanta_learner_updates_total"] > 2; }))
      << run.log();
  const auto before = samples(run.scrape());
  const std::string command = fmt::format(
      "timeout 120 chromium --headless --no-sandbox --disable-gpu --no-first-run "
      "--disable-background-networking --host-resolver-rules='MAP * ~NOTFOUND, EXCLUDE 127.0.0.1' "
      "--user-data-dir={0}/profile --log-net-log={0}/net.json "
      "--virtual-time-budget=2500 --dump-dom {1}/ >{0}/dom.html 2>{0}/said.txt",
      folder / ".", run.url());
  ASSERT_EQ(std::system(command.c_str()), 0) << text_of(folder / "said.txt");  // NOLINT
  const auto after = samples(run.scrape());
  const std::string dom = text_of(folder / "dom.html");

  EXPECT_THAT(dom, HasSubstr(">live</span>"));
  const auto page = shown(dom);
  EXPECT_GT(page.size(), 40U);
  for (const auto& [name, value] : page) {
    ASSERT_TRUE(after.contains(name)) << name;
    const bool grows = name.find("_total") != std::string::npos || name.ends_with("_count") ||
                       name == "quanta_env_time_seconds" || name == "quanta_policy_version" ||
                       name.starts_with("quanta_build_info");
    if (!grows) continue;
    EXPECT_GE(value, before.contains(name) ? before.at(name) : 0) << name;
    EXPECT_LE(value, after.at(name)) << name;
  }
  EXPECT_GT(page.at("quanta_learner_updates_total"), 2);
  // Learning is drawn; there is no twin in a simulation.
  EXPECT_TRUE(std::regex_search(dom, std::regex("<section class=\"card\"><h2>Losses")));
  EXPECT_TRUE(std::regex_search(dom, std::regex("<section class=\"card\" hidden=\"\"><h2>Twin")));
  EXPECT_TRUE(std::regex_search(dom, std::regex("<path d=\"M[0-9. ]+L")));

  // Chromium itself phones home; the page asks for nothing but its own metrics.
  const std::string initiator = "\"initiator\":\"" + run.url() + "\"";
  std::istringstream log(text_of(folder / "net.json"));
  int requests = 0;
  for (std::string line; std::getline(log, line);) {
    const size_t url = line.find("\"url\":\"");
    if (line.find(initiator) == std::string::npos || url == std::string::npos) continue;
    ++requests;
    EXPECT_THAT(line.substr(url), ::testing::StartsWith("\"url\":\"" + run.url() + "/metrics\""));
  }
  EXPECT_GE(requests, 2);
}

TEST(Page, IsHeldToItsOwnOriginByItsHeaders) {
  Agent agent;
  const auto exposer = Exposer::open({"127.0.0.1:0"}, agent.metrics);
  ASSERT_TRUE(exposer);
  const httplib::Result one = tcp_client((*exposer)->port()).Get("/");
  const httplib::Result two = tcp_client((*exposer)->port()).Get("/");
  ASSERT_TRUE(one && two);
  const std::string policy = one->get_header_value("Content-Security-Policy");
  EXPECT_THAT(policy, HasSubstr("default-src 'none'; script-src 'nonce-"));
  EXPECT_THAT(policy, Not(HasSubstr("unsafe")));
  EXPECT_NE(policy, two->get_header_value("Content-Security-Policy"));
  std::smatch nonce;
  ASSERT_TRUE(std::regex_search(policy, nonce, std::regex("script-src 'nonce-([0-9a-f]{32})'")));
  EXPECT_THAT(one->body, HasSubstr("<script nonce=\"" + nonce[1].str() + "\">"));
}

}  // namespace
}  // namespace quanta
