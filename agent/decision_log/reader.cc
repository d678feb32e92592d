#include "agent/decision_log/reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>
#include <fstream>

#include "agent/config/section.h"
#include "agent/decision_log/format.h"

namespace quanta {
namespace {

constexpr size_t kMostText = 64;       // bytes of a value that an error repeats
constexpr size_t kMostLine = 1 << 16;  // bytes
constexpr double kMostOctaves = 1e3;   // of an action
constexpr double kMostSd = 8;          // octaves (kMaxExplorationSd)
constexpr double kMostFeature = 1e6;   // kMaxStatistic
constexpr double kMostReward = 1e18;   // ns
constexpr uint64_t kMostTime = INT64_MAX;

// On one line whatever it was.
std::string printable(std::string_view text) {
  std::string out(text.substr(0, kMostText));
  for (char& c : out) {
    if (c < ' ' || c > '~') c = '?';
  }
  return text.size() > kMostText ? out + "..." : out;
}

// Fields that begin with '"' end with one, and hold each other one twice.
Status split(std::string_view line, std::vector<std::string>& fields) {
  fields.clear();
  for (size_t at = 0;; ++at) {
    std::string& field = fields.emplace_back();
    if (at < line.size() && line[at] == '"') {
      for (++at;; ++at) {
        if (at >= line.size()) return fail("expected a closing '\"'");
        if (line[at] != '"') {
          field += line[at];
        } else if (at + 1 < line.size() && line[at + 1] == '"') {
          field += line[at++];
        } else {
          break;
        }
      }
      ++at;
      if (at < line.size() && line[at] != ',') return fail("expected ',' after a closing '\"'");
    } else {
      const size_t end = std::min(line.find(',', at), line.size());
      field = line.substr(at, end - at);
      at = end;
    }
    if (at >= line.size()) return {};
  }
}

// Reads a line's fields one after the other; the first that is wrong is kept.
class Fields {
 public:
  Fields(const std::vector<std::string>& fields, const std::vector<size_t>& place)
      : fields_(fields), place_(place) {}

  const std::string& text() { return fields_[place_[next_++]]; }

  template <class T>
  void integer(T& value, uint64_t most) {
    const std::string& field = text();
    uint64_t parsed = 0;
    const auto [stop, error] = std::from_chars(field.data(), end_of(field), parsed);
    if (error != std::errc() || stop != end_of(field) || parsed > most) {
      return wrong(most == 1 ? "0 or 1" : fmt::format("an integer from 0 to {}", most), field);
    }
    value = static_cast<T>(parsed);
  }

  template <class T>
  void number(T& value, double min, double max) {
    const std::string& field = text();
    T parsed = 0;
    const auto [stop, error] = std::from_chars(field.data(), end_of(field), parsed);
    if (error != std::errc() || stop != end_of(field) || !(parsed >= min && parsed <= max)) {
      return wrong(fmt::format("a number from {:g} to {:g}", min, max), field);
    }
    value = parsed;
  }

  template <class T>
  void numbers(T& values, double most) {
    for (auto& value : values) number(value, -most, most);
  }

  // Nothing stands there.
  void empty(const char* why) {
    const std::string& field = text();
    if (!field.empty()) wrong(why, field);
  }

  Status status() const { return problem_.empty() ? Status() : fail(problem_); }

 private:
  static const char* end_of(const std::string& field) { return field.data() + field.size(); }

  void wrong(const std::string& expected, const std::string& field) {
    if (!problem_.empty()) return;
    problem_ = fmt::format("column '{}': expected {}, got '{}'", decision_log_columns()[next_ - 1],
                           expected, printable(field));
  }

  const std::vector<std::string>& fields_;
  const std::vector<size_t>& place_;
  size_t next_ = 0;  // in decision_log_columns()
  std::string problem_;
};

}  // namespace

DecisionLogReader::DecisionLogReader(std::string name, TakeDecision take)
    : name_(std::move(name)), take_(std::move(take)) {}

Status DecisionLogReader::line(std::string_view text) {
  ++line_;
  if (text.ends_with('\r')) text.remove_suffix(1);
  if (text.size() > kMostLine) {
    return fail(fmt::format("{}:{}: expected a decision log, got a line of more than {} bytes",
                            name_, line_, kMostLine));
  }
  if (line_ == 1 && text.starts_with("# quanta decision log ") && text != kDecisionLogFirstLine) {
    return fail(fmt::format("{}:1: expected '{}', got '{}'", name_, kDecisionLogFirstLine,
                            printable(text)));
  }
  if (text.empty() || text.front() == '#') return {};
  Status status = split(text, fields_);
  if (status) status = place_.empty() ? names(fields_) : decision(fields_);
  if (!status) return fail(fmt::format("{}:{}: {}", name_, line_, status.error().message));
  return {};
}

Status DecisionLogReader::names(const std::vector<std::string>& fields) {
  std::vector<size_t> place;
  for (const std::string& column : decision_log_columns()) {
    const auto found = std::find(fields.begin(), fields.end(), column);
    if (found == fields.end()) {
      const std::string near = nearest(column, fields);
      return fail(fmt::format("expected a column '{}'{}", column,
                              near.empty() ? "" : fmt::format("; is '{}' it?", printable(near))));
    }
    place.push_back(static_cast<size_t>(found - fields.begin()));
  }
  width_ = fields.size();
  place_ = std::move(place);
  return {};
}

Status DecisionLogReader::decision(const std::vector<std::string>& fields) {
  if (fields.size() != width_) {
    return fail(fmt::format("expected {} columns, got {}", width_, fields.size()));
  }
  LoggedDecision d;
  Fields f(fields, place_);
  f.integer(d.time, kMostTime);
  f.integer(d.task, UINT32_MAX);
  d.reward_class = f.text();
  d.arm = f.text();
  f.integer(d.version, UINT64_MAX);
  f.integer(d.woken, 1);
  f.integer(d.preempted, 1);
  f.number(d.sd, 0, kMostSd);
  if (d.explored()) {
    f.number(d.log_propensity, -kMostReward, kMostReward);
  } else {
    f.empty("nothing where 'sd' is 0");
  }
  f.number(d.burst, -kMostOctaves, kMostOctaves);
  f.numbers(d.mean, kMostOctaves);
  f.numbers(d.taken, kMostOctaves);
  f.number(d.weight, 0, kMostReward);
  f.integer(d.wait, kMostTime);
  f.integer(d.run, kMostTime);
  f.number(d.earned, -kMostReward, kMostReward);
  f.number(d.reward, -kMostReward, kMostReward);
  f.numbers(d.terms, kMostReward);
  f.numbers(d.x, kMostFeature);
  if (Status s = f.status(); !s) return s;
  take_(d);
  return {};
}

Status DecisionLogReader::finish() const {
  if (!place_.empty()) return {};
  return fail(
      fmt::format("{}:{}: expected a line of column names ('{},...'), got the end of the file",
                  name_, line_ + 1, decision_log_columns().front()));
}

Status parse_decision_log(std::string_view text, const std::string& name,
                          const TakeDecision& take) {
  DecisionLogReader reader(name, take);
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    if (Status s = reader.line(text.substr(0, end)); !s) return s;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return reader.finish();
}

Status read_decision_log(const std::string& file, const TakeDecision& take) {
  std::ifstream in(file, std::ios::binary);
  const auto unreadable = [&] {
    return fail(fmt::format("{}: cannot be read: {}", file, std::strerror(errno)));
  };
  if (!in) return unreadable();
  DecisionLogReader reader(file, take);
  std::string line(kMostLine + 2, '\0');  // one byte longer than any that is accepted
  while (!in.eof()) {
    in.getline(line.data(), static_cast<std::streamsize>(line.size()));
    const auto read = static_cast<size_t>(in.gcount());
    if (read == 0) break;
    const bool ended = in.good();  // its end was read too
    if (Status s = reader.line(std::string_view(line).substr(0, ended ? read - 1 : read)); !s) {
      return s;
    }
  }
  if (in.bad()) return unreadable();
  return reader.finish();
}

}  // namespace quanta
