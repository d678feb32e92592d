// When and where checkpoints are saved: the section `checkpoint` of the configuration. Plain
// values.
#pragma once

#include <string>

#include "env/base/types.h"

namespace quanta {

class Section;

struct CheckpointConfig {
  std::string directory;          // relative to the current one; empty: none are saved
  Nanos interval = 60 * kSecond;  // of the environment's time
  int64_t keep = 3;               // the latest that are kept
};

void read(Section& section, CheckpointConfig& config);

}  // namespace quanta
