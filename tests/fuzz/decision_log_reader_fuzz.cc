// Any bytes as a decision log, and as decisions behind a right header: no crash, bounded memory,
// one line for what is wrong; what is accepted is written again to the same decisions.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "agent/decision_log/format.h"
#include "agent/decision_log/reader.h"

namespace quanta {
namespace {

std::string written(const std::vector<LoggedDecision>& decisions) {
  std::string text = decision_log_header({}, {});
  for (const LoggedDecision& d : decisions) append_line(text, d);
  return text;
}

void check(const std::string& text) {
  std::vector<LoggedDecision> decisions;
  const auto take = [&](const LoggedDecision& d) { decisions.push_back(d); };
  const Status status = parse_decision_log(text, "d.csv", take);
  if (!status) {
    const std::string& line = status.error().message;
    if (!line.starts_with("d.csv:") || line.find('\n') != std::string::npos) std::abort();
  }
  const std::string once = written(decisions);
  decisions.clear();
  if (!parse_decision_log(once, "d.csv", take)) std::abort();
  if (written(decisions) != once) std::abort();
}

}  // namespace
}  // namespace quanta

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  quanta::check(text);
  quanta::check(quanta::decision_log_header({}, {}) + text);
  return 0;
}
