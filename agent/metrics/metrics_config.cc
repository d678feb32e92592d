#include "agent/metrics/metrics_config.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <sys/un.h>
#include <charconv>

namespace quanta {
namespace {

constexpr std::string_view kUnixPrefix = "unix:";
constexpr size_t kMaxUnixPath = sizeof(sockaddr_un::sun_path) - 1;

Result<Endpoint> parse_unix(const std::string& path) {
  if (!path.starts_with('/')) return fail("expected an absolute path after 'unix:'");
  if (path.size() > kMaxUnixPath) {
    return fail(fmt::format("expected a socket path of at most {} bytes", kMaxUnixPath));
  }
  return Endpoint{Endpoint::Kind::kUnix, {}, 0, path};
}

bool is_host(const std::string& host) {
  constexpr std::string_view kNameCharacters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";
  return !host.empty() && host.find_first_not_of(kNameCharacters) == std::string::npos;
}

bool is_ipv6(const std::string& host) {
  in6_addr address;
  return inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

}  // namespace

Result<Endpoint> parse_endpoint(const std::string& address) {
  if (address == "none") return Endpoint{};
  if (address.starts_with(kUnixPrefix)) return parse_unix(address.substr(kUnixPrefix.size()));

  const size_t colon = address.rfind(':');
  if (colon == std::string::npos) return fail("expected HOST:PORT, unix:/PATH or none");
  std::string host = address.substr(0, colon);
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  if (bracketed ? !is_ipv6(host) : !is_host(host)) {
    return fail("expected a host name or address before ':PORT' (IPv6 in brackets)");
  }
  uint16_t port = 0;
  const char* end = address.data() + address.size();
  const auto [stop, error] = std::from_chars(address.data() + colon + 1, end, port);
  if (error != std::errc() || stop != end) return fail("expected a port between 0 and 65535");
  return Endpoint{Endpoint::Kind::kTcp, std::move(host), port, {}};
}

void read(Section& section, MetricsConfig& config) {
  section.text("address", config.address);
  if (!section.has("address")) return;
  if (const Result<Endpoint> endpoint = parse_endpoint(config.address); !endpoint) {
    section.complain("address", endpoint.error().message);
  }
}

}  // namespace quanta
