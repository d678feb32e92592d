#include "agent/metrics/scrape.h"

#include <fmt/format.h>
#include <httplib.h>
#include <sys/socket.h>

#include <charconv>
#include <sstream>
#include <string_view>

namespace quanta {
namespace {

httplib::Client client_for(const Endpoint& endpoint) {
  if (endpoint.kind == Endpoint::Kind::kTcp) return httplib::Client(endpoint.host, endpoint.port);
  httplib::Client client(endpoint.path, 80);
  client.set_address_family(AF_UNIX);
  client.set_default_headers({{"Host", "localhost"}});
  return client;
}

}  // namespace

Samples parse_samples(const std::string& text) {
  Samples samples;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line[0] == '#') continue;
    const std::string name = line.substr(0, line.find_first_of("{ "));
    const size_t space = line.rfind(' ');
    if (space == std::string::npos || name.ends_with("_bucket")) continue;
    double value = 0;
    const char* end = line.data() + line.size();
    if (std::from_chars(line.data() + space + 1, end, value).ec != std::errc()) continue;
    samples[name] += value;
  }
  return samples;
}

Result<Samples> scrape(const MetricsConfig& config) {
  const Result<Endpoint> endpoint = parse_endpoint(config.address);
  if (!endpoint) return tl::unexpected(endpoint.error());
  if (endpoint->kind == Endpoint::Kind::kNone) {
    return fail("metrics are switched off in this configuration ('metrics.address: none')");
  }
  const httplib::Result answer = client_for(*endpoint).Get("/metrics");
  if (!answer || answer->status != 200) {
    return fail(fmt::format("{}: no agent answers here", config.address));
  }
  return parse_samples(answer->body);
}

}  // namespace quanta
