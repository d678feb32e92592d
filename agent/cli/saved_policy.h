// A policy that was saved, for commands that look at it or start from it.
#pragma once

#include <string>

#include "agent/checkpoint/checkpoint.h"
#include "agent/policy/network.h"
#include "env/base/result.h"

namespace quanta {

struct SavedPolicy {
  std::string file;
  Checkpoint checkpoint;
  Weights weights;
};

// `path`: a checkpoint, or a directory, of which the newest is read; those before are not looked
// at. An error names the file.
Result<SavedPolicy> read_saved_policy(const std::string& path);

}  // namespace quanta
