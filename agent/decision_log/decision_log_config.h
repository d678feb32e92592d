// Whether decisions are logged, and where: the section `log` of the configuration. Plain values.
#pragma once

#include <cstdint>
#include <string>

namespace quanta {

class Section;

struct DecisionLogConfig {
  std::string decisions;    // file, relative to the current directory; empty: none are logged
  double share = 0.1;       // of the decisions
  int64_t limit_mib = 256;  // size of the file at which logging stops
};

void read(Section& section, DecisionLogConfig& config);

}  // namespace quanta
