#include "agent/decision_log/decision_log.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "agent/decision_log/format.h"

namespace quanta {
namespace {

constexpr size_t kBuffer = 1 << 16;       // bytes
constexpr Nanos kMostBuffered = kSecond;  // of the environment's time
constexpr uint64_t kMebibyte = 1 << 20;

std::string why_not(const std::string& file) {
  return fmt::format("{}: cannot be written: {}", file, std::strerror(errno));
}

}  // namespace

Result<std::unique_ptr<DecisionLog>> DecisionLog::open(const DecisionLogConfig& config,
                                                       const RewardConfig& reward, uint64_t seed,
                                                       Say say) {
  if (config.decisions.empty()) return std::unique_ptr<DecisionLog>();
  const int fd = ::open(config.decisions.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return fail(why_not(config.decisions));
  return std::unique_ptr<DecisionLog>(new DecisionLog(config, reward, seed, std::move(say), fd));
}

DecisionLog::DecisionLog(const DecisionLogConfig& config, const RewardConfig& reward, uint64_t seed,
                         Say say, int fd)
    : config_(config),
      reward_(reward),
      rng_(seed, 0x6465636973696f6eULL),
      say_(std::move(say)),
      fd_(fd),
      buffer_(decision_log_header(config, reward)) {}

DecisionLog::~DecisionLog() {
  flush();
  if (fd_ >= 0) ::close(fd_);
}

void DecisionLog::take(const Record& record) {
  if (record.kind != RecordKind::kDecision) return;
  rates_.add(record, reward_);
  if (rng_.uniform() >= config_.share) return;
  if (fd_ < 0) {
    ++lost_;
    return;
  }
  line_.clear();
  append_line(line_, quanta::logged(record, reward_, rates_));
  const uint64_t limit = static_cast<uint64_t>(config_.limit_mib) * kMebibyte;
  if (size_ + buffer_.size() + line_.size() > limit) {
    flush();
    ++lost_;
    if (fd_ >= 0)
      stop(fmt::format("{}: has reached {} MiB (log.limit_mib)", config_.decisions,
                       config_.limit_mib));
    return;
  }
  buffer_ += line_;
  ++logged_;
  if (buffer_.size() >= kBuffer || record.decided >= flushed_ + kMostBuffered) {
    flush();
    flushed_ = record.decided;
  }
}

void DecisionLog::flush() {
  size_t done = 0;
  while (fd_ >= 0 && done < buffer_.size()) {
    const ssize_t n = ::write(fd_, buffer_.data() + done, buffer_.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n >= 0) {
      done += static_cast<size_t>(n);
      continue;
    }
    const std::string why = why_not(config_.decisions);
    const size_t whole = done == 0 ? 0 : buffer_.rfind('\n', done - 1) + 1;
    [[maybe_unused]] const int cut = ::ftruncate(fd_, static_cast<off_t>(size_ + whole));
    const auto missing = static_cast<uint64_t>(
        std::count(buffer_.begin() + static_cast<std::ptrdiff_t>(whole), buffer_.end(), '\n'));
    const uint64_t unlogged = std::min(missing, logged_);  // lines of the header are none
    logged_ -= unlogged;
    lost_ += unlogged;
    stop(why);
  }
  size_ += done;
  buffer_.clear();
}

void DecisionLog::stop(const std::string& why) {
  ::close(fd_);
  fd_ = -1;
  say_(why + "; decisions are no longer logged");
}

}  // namespace quanta
