// A directory of numbered checkpoints: checkpoint-00000001.quanta and so on, the newest last.
//
// One process writes to a directory, one thread uses a store. A file is whole or not there: it is
// written beside, synced and renamed, and older ones go only after that. Where a sandbox forbids
// syncing, one warning says so and saving goes on.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "agent/checkpoint/checkpoint.h"

namespace quanta {

class CheckpointStore {
 public:
  // Keeps the last `keep` checkpoints in `directory`, which the first save creates.
  CheckpointStore(std::string directory, int64_t keep)
      : directory_(std::move(directory)), keep_(keep) {}

  // Returns the new file's path. After an error all that was there before still is.
  Result<std::string> save(const Checkpoint& checkpoint);

  const std::string& directory() const { return directory_; }

 private:
  void remove_old() const;

  std::string directory_;
  int64_t keep_;
};

// Paths of the checkpoints in `directory`, newest first.
std::vector<std::string> list_checkpoints(const std::string& directory);

// The error is led by the file's name.
Result<Checkpoint> read_checkpoint(const std::string& file);

}  // namespace quanta
