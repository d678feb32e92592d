// The page as a browser shows it, on a real run of `scx_quanta`. Needs Chromium.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <map>
#include <optional>
#include <regex>
#include <sstream>
#include <utility>
#include <vector>

#include "agent/metrics/page.h"
#include "env/trace/kernel_layout.h"
#include "tests/metrics/scrape.h"
#include "tests/process.h"

namespace quanta {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::string text_of(const std::string& file) {
  std::stringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

// A run that serves its metrics, ended with the object.
class ServingRun {
 public:
  // `env`: of the configuration, too.
  ServingRun(const TempFolder& folder, const char* env, const char* more = "") {
    const std::string config = folder / "config.yaml";
    port_ = free_port();
    std::ofstream(config) << "metrics: {address: \"127.0.0.1:" << port_ << "\"}\n"
                          << "checkpoint: {directory: \"" << (folder / "saved") << "\"}\n"
                          << "learner: {batch: 256}\n"
                          << more;
    child_.emplace(
        std::vector<std::string>{kProgram, "run", "--env", env, "--config", config, "--workload",
                                 QUANTA_SOURCE_DIR "/configs/workloads/server_hogs.yaml"});
  }

  std::string url() const { return fmt::format("http://127.0.0.1:{}", port_); }
  std::string log() const { return child_->out() + child_->err(); }
  std::string scrape() const {
    const httplib::Result result = tcp_client(port_).Get("/metrics");
    return result ? result->body : "";
  }

 private:
  int port_ = 0;
  std::optional<Child> child_;
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

// What a browser that has looked for 2.5 s says on stdout.
std::string browse(const TempFolder& folder, const ServingRun& run, const std::string& flags) {
  EXPECT_EQ(shell("command -v chromium").exit_code, 0)
      << "chromium is missing: install the package 'chromium'";
  const Outcome seen = shell(fmt::format(
      "timeout 120 chromium --headless --no-sandbox --disable-gpu --no-first-run "
      "--disable-background-networking --host-resolver-rules='MAP * ~NOTFOUND, EXCLUDE 127.0.0.1' "
      "--user-data-dir={0}/profile {2} "
      "--virtual-time-budget=2500 --dump-dom {1}/ 2>{0}/said.txt",
      folder / ".", run.url(), flags));
  EXPECT_EQ(seen.exit_code, 0) << text_of(folder / "said.txt");
  return seen.said;
}

// 0xrrggbb of the upper left corner. In the first row all of PNG's filters leave the first pixel as
// it is.
uint32_t corner_of(const std::string& png) {
  constexpr size_t kSignature = 8;
  std::string packed;
  for (size_t at = kSignature; at + 12 <= png.size();) {
    const auto* size = reinterpret_cast<const unsigned char*>(png.data() + at);
    const size_t bytes =
        size_t{size[0]} << 24 | size_t{size[1]} << 16 | size_t{size[2]} << 8 | size[3];
    if (png.compare(at + 4, 4, "IDAT") == 0) packed += png.substr(at + 8, bytes);
    at += 12 + bytes;
  }
  std::array<unsigned char, 4> begin{};  // the row's filter, then the pixel
  z_stream stream{};
  stream.next_in = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = begin.data();
  stream.avail_out = static_cast<uInt>(begin.size());
  EXPECT_EQ(inflateInit(&stream), Z_OK);
  inflate(&stream, Z_SYNC_FLUSH);
  EXPECT_EQ(stream.avail_out, 0U) << "no picture";
  inflateEnd(&stream);
  return uint32_t{begin[1]} << 16 | uint32_t{begin[2]} << 8 | begin[3];
}

// The card of that title: empty if it is hidden, or not there.
std::string card(const std::string& dom, const std::string& title) {
  const size_t begin = dom.find("<section class=\"card\"><h2>" + title);
  if (begin == std::string::npos) return {};
  return dom.substr(begin, dom.find("</section>", begin) - begin);
}

// Names of the legend, in order.
std::vector<std::string> legend(const std::string& card) {
  std::vector<std::string> names;
  const std::regex entry("<li [^>]*>([^<]*) <b>");
  for (std::sregex_iterator it(card.begin(), card.end(), entry), end; it != end; ++it) {
    names.push_back((*it)[1]);
  }
  return names;
}

TEST(Page, ShowsTheMetricsOfARunAndAsksNobodyElse) {
  const TempFolder folder;
  const ServingRun run(folder, "sim");
  ASSERT_TRUE(eventually([&] { return samples(run.scrape())["quanta_learner_updates_total"] > 2; }))
      << run.log();
  const auto before = samples(run.scrape());
  const std::string dom = browse(folder, run, fmt::format("--log-net-log={}", folder / "net.json"));
  const auto after = samples(run.scrape());

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

TEST(Page, IsDarkWhereDarkIsPreferred) {
  const TempFolder folder;
  const ServingRun run(folder, "sim");
  ASSERT_TRUE(eventually([&] { return !run.scrape().empty(); })) << run.log();
  for (const auto& [scheme, background] : {std::pair(1, 0xf5f6f8U), {0, 0x10131aU}}) {
    const std::string picture = folder / fmt::format("{}.png", scheme);
    browse(
        folder, run,
        fmt::format("--blink-settings=preferredColorScheme={} --screenshot={}", scheme, picture));
    EXPECT_EQ(corner_of(text_of(picture)), background);
  }
}

TEST(Page, ShowsTwinForecastsAndCostOfAShadow) {
  if (const Status s = check_can_trace(); !s) GTEST_SKIP() << s.error().message;
  const TempFolder folder;
  const ServingRun run(folder, "shadow", "env: {shadow: {window: 1s, twin_cpu: 0.5}}\n");
  ASSERT_TRUE(eventually([&] {
    auto now = samples(run.scrape());
    return now["quanta_twin_windows_total"] > 0 && now["quanta_forecasts_total"] > 0 &&
           now["quanta_learner_updates_total"] > 0;
  })) << run.log();
  const std::string dom = browse(folder, run, "");
  EXPECT_THAT(legend(card(dom, "Twin: wake-up p99")),
              ElementsAre("measured", "model of the kernel", "prior", "learned"));
  EXPECT_THAT(legend(card(dom, "Twin: error")), ElementsAre("p50", "p99"));
  EXPECT_THAT(legend(card(dom, "Forecasts")),
              ElementsAre("network", "name+priority", "last value", "average"));
  EXPECT_THAT(legend(card(dom, "Cost of watching")),
              ElementsAre("programs in the kernel", "thread that watches"));
  for (const char* title : {"Twin: wake-up p99", "Twin: error", "Forecasts", "Cost of watching"}) {
    EXPECT_TRUE(std::regex_search(card(dom, title), std::regex("<path d=\"M[0-9. ]+L"))) << title;
    EXPECT_FALSE(std::regex_search(card(dom, title), std::regex("<b>(-|NaN)?</b>"))) << title;
  }
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
