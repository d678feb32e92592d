#include "agent/metrics/http_get.h"

#include <fmt/format.h>
#include <httplib.h>
#include <sys/socket.h>

#include <chrono>

#include "agent/metrics/metrics_config.h"

namespace quanta {
namespace {

constexpr std::chrono::seconds kPatience{5};
constexpr size_t kMostBytes = size_t{64} << 20;

httplib::Client client_for(const Endpoint& endpoint) {
  if (endpoint.kind == Endpoint::Kind::kTcp) return httplib::Client(endpoint.host, endpoint.port);
  httplib::Client client(endpoint.path, 80);
  client.set_address_family(AF_UNIX);
  client.set_default_headers({{"Host", "localhost"}});
  return client;
}

}  // namespace

Result<std::string> http_get(const std::string& address, const std::string& path) {
  const Result<Endpoint> endpoint = parse_endpoint(address);
  if (!endpoint) return fail(fmt::format("address '{}': {}", address, endpoint.error().message));
  if (endpoint->kind == Endpoint::Kind::kNone) {
    return fail("metrics are switched off in this configuration ('metrics.address: none')");
  }
  httplib::Client client = client_for(*endpoint);
  client.set_connection_timeout(kPatience);
  client.set_read_timeout(kPatience);
  const auto end = std::chrono::steady_clock::now() + kPatience;
  std::string body;
  const httplib::Result answer = client.Get(path, [&](const char* data, size_t size) {
    body.append(data, size);
    return body.size() <= kMostBytes && std::chrono::steady_clock::now() < end;
  });
  if (!answer && answer.error() == httplib::Error::Canceled) {
    return fail(fmt::format("{}: what answers here does not come to an end", address));
  }
  if (!answer) return fail(fmt::format("{}: no agent answers here", address));
  if (answer->status != 200) {
    return fail(
        fmt::format("{}: what answers here has no {} (status {})", address, path, answer->status));
  }
  return body;
}

}  // namespace quanta
