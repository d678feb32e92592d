// A group as the command line gives it: KIND[:key=value[,key=value...]]. Thread-safety: plain
// values.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "env/base/result.h"
#include "env/base/types.h"

namespace quanta::workload {

struct Param {
  enum Type { kNumber, kDuration };  // durations in ns
  const char* key;
  Type type;
  int64_t value;  // default
  int64_t least;
  int64_t most;
  const char* meaning;
};

class Params {
 public:
  // All that `known` and common_params() name, with defaults and what `text` ("key=value,...")
  // says; `name` is a key too. Errors name the key, what was expected, and the nearest key.
  static Result<Params> parse(std::string_view text, std::span<const Param> known);

  const std::string& name() const { return name_; }  // empty: not given
  int64_t number(std::string_view key) const { return values_.find(key)->second; }
  size_t count(std::string_view key) const { return static_cast<size_t>(number(key)); }
  Nanos duration(std::string_view key) const { return static_cast<Nanos>(number(key)); }

 private:
  Status set(std::string_view key, std::string_view text, const std::vector<Param>& known);

  std::string name_;
  std::map<std::string, int64_t, std::less<>> values_;
};

// Keys of every kind.
std::span<const Param> common_params();

// The value as it would be written.
std::string written(const Param& param, int64_t value);

}  // namespace quanta::workload
