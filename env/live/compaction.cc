#include "env/live/compaction.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace quanta {
namespace {

std::string word_in(const std::string& file) {
  std::string word;
  std::ifstream(file) >> word;
  return word;
}

bool write_word(const std::string& file, const std::string& word) {
  std::ofstream out(file);
  out << word << '\n' << std::flush;
  return out.good();
}

std::string why(int error) {
  return std::generic_category().message(error);
}

}  // namespace

std::string CompactionHold::runtime_directory() {
  const char* given = std::getenv("RUNTIME_DIRECTORY");
  const std::string directory = given != nullptr ? given : "";
  return directory.empty() ? "/run/scx_quanta" : directory.substr(0, directory.find(':'));
}

Status CompactionHold::take(const std::string& setting, const std::string& directory) {
  setting_ = setting;
  memory_ = directory + "/compact_unevictable_allowed";
  const bool left_behind = ::access(memory_.c_str(), F_OK) == 0;
  const std::string now = word_in(setting_);
  if (now.empty() || (now == "0" && !left_behind)) return {};
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  lock_ = ::open(memory_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (lock_ < 0) return fail(fmt::format("{}: {}", memory_, why(errno)));
  if (::flock(lock_, LOCK_EX | LOCK_NB) != 0) return {};
  return take_locked();
}

Status CompactionHold::take_locked() {
  std::string before = word_in(memory_);
  if (before.empty()) before = word_in(setting_);
  if (!write_word(memory_, before)) return fail(fmt::format("{}: {}", memory_, why(errno)));
  before_ = before;
  if (!write_word(setting_, "0")) return fail(fmt::format("{}: {}", setting_, why(errno)));
  return {};
}

CompactionHold::~CompactionHold() {
  if (!before_.empty() && (word_in(setting_) == before_ || write_word(setting_, before_))) {
    ::unlink(memory_.c_str());
  }
  if (lock_ >= 0) ::close(lock_);
}

}  // namespace quanta
