// Decision log from text (format.h), line by line.
//
// Takes any bytes. What is wrong comes back as one line, "FILE:LINE: column 'sd': expected ..., got
// '...'"; what was read before it has been handed over. One thread.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/decision_log/logged_decision.h"
#include "env/base/result.h"

namespace quanta {

using TakeDecision = std::function<void(const LoggedDecision&)>;

class DecisionLogReader {
 public:
  // `name`: of the file, for errors.
  DecisionLogReader(std::string name, TakeDecision take);

  // Without its end.
  Status line(std::string_view text);
  // After the last line.
  Status finish() const;

 private:
  Status names(const std::vector<std::string>& fields);
  Status decision(const std::vector<std::string>& fields);

  std::string name_;
  TakeDecision take_;
  uint64_t line_ = 0;
  std::vector<std::string> fields_;
  std::vector<size_t> place_;  // of each column in a line; empty: their names were not there yet
  size_t width_ = 0;           // columns of a line
};

Status parse_decision_log(std::string_view text, const std::string& name, const TakeDecision& take);
Status read_decision_log(const std::string& file, const TakeDecision& take);

}  // namespace quanta
