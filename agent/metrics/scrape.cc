#include "agent/metrics/scrape.h"

#include <charconv>
#include <sstream>
#include <string_view>

#include "agent/metrics/http_get.h"

namespace quanta {

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
  const Result<std::string> answer = http_get(config.address, "/metrics");
  if (!answer) return tl::unexpected(answer.error());
  return parse_samples(*answer);
}

}  // namespace quanta
