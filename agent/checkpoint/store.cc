#include "agent/checkpoint/store.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <system_error>
#include <utility>

#include "agent/checkpoint/format.h"

namespace quanta {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kPrefix = "checkpoint-";
constexpr std::string_view kSuffix = ".quanta";
constexpr std::string_view kUnfinished = "unfinished";  // the file that is being written

std::string describe(int error) {
  return std::generic_category().message(error);
}

std::optional<uint64_t> number_of(const fs::path& path) {
  const std::string name = path.filename();
  if (!name.starts_with(kPrefix) || !name.ends_with(kSuffix)) return {};
  const char* first = name.data() + kPrefix.size();
  const char* last = name.data() + name.size() - kSuffix.size();
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(first, last, number);
  if (first >= last || error != std::errc() || end != last) return {};
  return number;
}

// Number and path of each checkpoint, newest first.
std::vector<std::pair<uint64_t, std::string>> numbered(const std::string& directory) {
  std::vector<std::pair<uint64_t, std::string>> found;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory, error)) {
    if (const auto number = number_of(entry.path())) found.emplace_back(*number, entry.path());
  }
  std::sort(found.rbegin(), found.rend());
  return found;
}

// True if the sandbox forbids syncing or the file system cannot: the rename still keeps each file
// whole for every reader, short of a power failure.
bool sync_refused(int error) {
  return error == EPERM || error == EINVAL;
}

Status sync_file(int fd) {
  if (::fsync(fd) == 0) return {};
  if (!sync_refused(errno)) return fail(describe(errno));
  static bool warned = false;
  if (!std::exchange(warned, true)) {
    spdlog::warn("checkpoints cannot be synced here ({}): a power failure may cost the last one",
                 describe(errno));
  }
  return {};
}

Status write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail(describe(errno));
    bytes.remove_prefix(static_cast<size_t>(n));
  }
  return sync_file(fd);
}

// `file` is whole and synced, or not there.
Status write_file(const std::string& file, std::string_view bytes) {
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return fail(describe(errno));
  Status written = write_all(fd, bytes);
  if (::close(fd) != 0 && written) written = fail(describe(errno));
  if (!written) ::unlink(file.c_str());
  return written;
}

Status sync_directory(const std::string& directory) {
  const int fd = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return fail(describe(errno));
  Status synced = sync_file(fd);
  ::close(fd);
  return synced;
}

}  // namespace

std::vector<std::string> list_checkpoints(const std::string& directory) {
  std::vector<std::string> paths;
  for (auto& [number, path] : numbered(directory)) paths.push_back(std::move(path));
  return paths;
}

Result<std::string> CheckpointStore::save(const Checkpoint& checkpoint) {
  Result<std::string> bytes = encode_checkpoint(checkpoint);
  if (!bytes) return bytes;
  std::error_code error;
  fs::create_directories(directory_, error);
  const auto cannot = [&](const std::string& why) {
    return fail(fmt::format("{}: no checkpoint can be saved: {}", directory_, why));
  };
  if (error) return cannot(error.message());
  const auto present = numbered(directory_);
  const uint64_t number = present.empty() ? 1 : present.front().first + 1;
  std::string file = fs::path(directory_) / fmt::format("{}{:08}{}", kPrefix, number, kSuffix);
  const std::string unfinished = fs::path(directory_) / kUnfinished;
  if (Status s = write_file(unfinished, *bytes); !s) return cannot(s.error().message);
  if (std::rename(unfinished.c_str(), file.c_str()) != 0) {
    const int reason = errno;
    ::unlink(unfinished.c_str());
    return cannot(describe(reason));
  }
  if (Status s = sync_directory(directory_); !s) return cannot(s.error().message);
  remove_old();
  return file;
}

void CheckpointStore::remove_old() const {
  const auto present = numbered(directory_);
  for (size_t i = static_cast<size_t>(keep_); i < present.size(); ++i) {
    std::error_code error;
    fs::remove(present[i].second, error);
    if (error) spdlog::warn("{}: cannot be removed: {}", present[i].second, error.message());
  }
}

Result<Checkpoint> read_checkpoint(const std::string& file) {
  errno = 0;
  std::ifstream in(file, std::ios::binary | std::ios::ate);
  const std::streamoff size = in.is_open() ? std::streamoff(in.tellg()) : -1;
  if (size < 0) return fail(fmt::format("{}: cannot be read: {}", file, describe(errno)));
  if (static_cast<uint64_t>(size) > 2 * checkpoint_format::kMaxContent) {
    return fail(fmt::format("{}: too large for a checkpoint", file));
  }
  std::string bytes(static_cast<size_t>(size), '\0');
  in.seekg(0);
  if (!in.read(bytes.data(), size)) return fail(fmt::format("{}: cannot be read", file));
  Result<Checkpoint> checkpoint = decode_checkpoint(bytes);
  if (!checkpoint) return fail(fmt::format("{}: {}", file, checkpoint.error().message));
  return checkpoint;
}

}  // namespace quanta
