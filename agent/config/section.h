// One mapping of a YAML file, read key by key with a reason for everything that is wrong.
//
// A component declares its settings next to its struct with a function
//     void read(Section& section, RewardConfig& config);
// that names each key once: type, range, unit. What the file does not name keeps the struct's own
// default. After all reads, the owner calls finish(): a key that nobody asked for is an error that
// names the nearest known one. Problems are collected, in file order, in Diagnostics; nothing
// throws. A section is read once. Duplicate keys, aliases, tags and a second document are errors; a
// section or list that is named but has nothing under it ("metrics:") is empty. Not thread-safe;
// cold path only.
#pragma once

#include <climits>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "env/base/result.h"
#include "env/base/types.h"

namespace quanta {

// All that was wrong with one file, one line each: "FILE:LINE: key 'a.b': expected ..., got '...'".
// Kept in file order; only the first kMost lines are kept, the rest is counted.
class Diagnostics {
 public:
  static constexpr size_t kMost = 100;

  // `at`: the line of the file, which orders the problems; without one, after all that have one.
  void add(std::string line, int at = INT_MAX);
  bool ok() const { return lines_.empty(); }
  const std::vector<std::string>& lines() const { return lines_; }
  Error error() const;  // all lines joined by '\n', and how many more there were

 private:
  std::vector<std::string> lines_;
  std::vector<int> at_;  // of each line, ascending
  size_t dropped_ = 0;
};

struct Choice {
  std::string_view name;
  int value;
};

class Section {
 public:
  Section(Section&&) noexcept;
  ~Section();

  // Opens a file's top-level mapping. An unreadable or malformed file is reported to `diagnostics`,
  // and an empty section comes back that reports nothing more. `diagnostics` outlives the section.
  static Section open(const std::string& file, Diagnostics& diagnostics);
  static Section parse(const std::string& text, const std::string& name, Diagnostics& diagnostics);

  bool has(std::string_view key) const;  // counts as asking for `key`

  // Each reads `key` into `value` if present; inclusive range [min, max]. Non-finite is refused.
  void number(std::string_view key, double& value, double min, double max);
  void integer(std::string_view key, int64_t& value, int64_t min, int64_t max);
  void duration(std::string_view key, Nanos& value, Nanos min, Nanos max);  // "20us", "2ms", "1.5s"
  void boolean(std::string_view key, bool& value);
  void text(std::string_view key, std::string& value);
  void integers(std::string_view key, std::vector<int64_t>& value, int64_t min, int64_t max);
  void texts(std::string_view key, std::vector<std::string>& value);
  void choice(std::string_view key, int& value, std::span<const Choice> choices);
  template <class E>
  void choice(std::string_view key, E& value, std::span<const Choice> choices) {
    int v = static_cast<int>(value);
    choice(key, v, choices);
    value = static_cast<E>(v);
  }

  // The nested mapping `key` (empty if absent): `read` gets it, and it is finished afterwards.
  void section(std::string_view key, const std::function<void(Section&)>& read);
  // Each element of the sequence `key`, a mapping; finished afterwards.
  void each(std::string_view key, const std::function<void(Section&)>& read);
  // Each member of the mapping `key`, whose names are the file's own ("groups: {game: {...}}").
  void members(std::string_view key, const std::function<void(const std::string&, Section&)>& read);

  void require(std::string_view key);  // an error if absent
  // A problem with `key`'s value that only the component can see: "FILE:LINE: key 'a.min': must not
  // exceed 'max', got '5ms'" for the reason "must not exceed 'max'".
  void complain(std::string_view key, const std::string& reason);
  void finish();  // unknown keys are errors

  std::string where() const;  // "FILE:LINE"
  bool ok() const;            // nothing wrong in this file so far

 private:
  struct Impl;
  explicit Section(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// The nearest of `known` to `name` by edit distance (a swap of neighbours counts once, case does
// not count), or empty when none is near.
std::string nearest(std::string_view name, std::span<const std::string> known);

}  // namespace quanta
