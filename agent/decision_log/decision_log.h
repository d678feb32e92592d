// Writes sampled decisions with their propensities and outcomes to a file (format.h).
//
// One thread, the cold one. The file holds whole lines only, and no more than the configured size.
// When that is reached, or the file cannot be written any more, one line says so, and the decisions
// from there on are counted as lost.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "agent/decision_log/decision_log_config.h"
#include "agent/hot/record.h"
#include "agent/reward/credit.h"
#include "env/base/result.h"
#include "env/base/rng.h"

namespace quanta {

class DecisionLog {
 public:
  using Say = std::function<void(const std::string&)>;

  // Begins the file anew. `seed`: of which decisions are taken. Null: no file is configured.
  static Result<std::unique_ptr<DecisionLog>> open(const DecisionLogConfig& config,
                                                   const RewardConfig& reward, uint64_t seed,
                                                   Say say);
  ~DecisionLog();
  DecisionLog(const DecisionLog&) = delete;
  DecisionLog& operator=(const DecisionLog&) = delete;

  // Of any kind; what is not a decision is not taken.
  void take(const Record& record);
  // Writes what is buffered.
  void flush();

  const std::string& file() const { return config_.decisions; }
  // Decisions of the sample: in the file or on their way there; and those that are not.
  uint64_t logged() const { return logged_; }
  uint64_t lost() const { return lost_; }

 private:
  DecisionLog(const DecisionLogConfig& config, const RewardConfig& reward, uint64_t seed, Say say,
              int fd);
  void stop(const std::string& why);

  DecisionLogConfig config_;
  RewardConfig reward_;
  GoingRates rates_;
  Rng rng_;
  Say say_;
  int fd_;  // -1: stopped
  uint64_t size_ = 0;
  std::string buffer_;  // whole lines
  std::string line_;
  Nanos flushed_ = 0;  // the environment's time then
  uint64_t logged_ = 0;
  uint64_t lost_ = 0;
};

}  // namespace quanta
