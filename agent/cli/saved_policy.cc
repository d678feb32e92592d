#include "agent/cli/saved_policy.h"

#include <fmt/format.h>

#include <filesystem>
#include <utility>

#include "agent/checkpoint/store.h"
#include "agent/run/agent.h"

namespace quanta {

Result<SavedPolicy> read_saved_policy(const std::string& path) {
  std::string file = path;
  if (std::error_code error; std::filesystem::is_directory(path, error)) {
    const std::vector<std::string> files = list_checkpoints(path);
    if (files.empty()) return fail(fmt::format("{}: there is no checkpoint here", path));
    file = files.front();
  }
  Result<Checkpoint> checkpoint = read_checkpoint(file);
  if (!checkpoint) return tl::unexpected(checkpoint.error());
  const Result<Weights> weights = read_weights(*checkpoint);
  if (!weights) return fail(fmt::format("{}: {}", file, weights.error().message));
  return SavedPolicy{
      .file = std::move(file), .checkpoint = *std::move(checkpoint), .weights = *weights};
}

}  // namespace quanta
