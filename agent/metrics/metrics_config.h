// Where metrics are served: the section `metrics` of the configuration. Plain values.
#pragma once

#include <cstdint>
#include <string>

#include "agent/config/section.h"
#include "env/base/result.h"

namespace quanta {

struct MetricsConfig {
  // HOST:PORT ([HOST]:PORT for IPv6, port 0 for any free one), unix:/PATH, or none.
  std::string address = "127.0.0.1:9464";
};

void read(Section& section, MetricsConfig& config);

// An address, taken apart.
struct Endpoint {
  enum class Kind : uint8_t { kNone, kTcp, kUnix };

  Kind kind = Kind::kNone;
  std::string host;   // kTcp, without brackets
  uint16_t port = 0;  // kTcp
  std::string path;   // kUnix
};

// The error says what an address looks like, or what is wrong with this one.
Result<Endpoint> parse_endpoint(const std::string& address);

}  // namespace quanta
