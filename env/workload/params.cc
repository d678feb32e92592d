#include "env/workload/params.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

#include "agent/config/duration.h"
#include "agent/config/section.h"

namespace quanta::workload {
namespace {

constexpr std::string_view kName = "name";

constexpr Param kCommon[] = {
    {"nice", Param::kNumber, 0, -20, 19, "nice value of its tasks"},
};

std::optional<int64_t> parse_number(std::string_view text) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.begin(), text.end(), value);
  if (error != std::errc() || end != text.end()) return std::nullopt;
  return value;
}

std::optional<int64_t> parse_value(const Param& param, std::string_view text) {
  if (param.type == Param::kNumber) return parse_number(text);
  const std::optional<Nanos> nanos = parse_duration(text);
  if (!nanos || *nanos > INT64_MAX) return std::nullopt;
  return static_cast<int64_t>(*nanos);
}

std::string expected(const Param& param) {
  return fmt::format("expected a {} from {} to {}",
                     param.type == Param::kNumber ? "whole number" : "duration",
                     written(param, param.least), written(param, param.most));
}

std::string unknown_key(std::string_view key, const std::vector<Param>& known) {
  std::vector<std::string> keys;
  keys.reserve(known.size() + 1);
  for (const Param& param : known) keys.emplace_back(param.key);
  keys.emplace_back(kName);
  const std::string near = nearest(key, keys);
  return near.empty() ? fmt::format("unknown key '{}' (known: {})", key, fmt::join(keys, ", "))
                      : fmt::format("unknown key '{}'; did you mean '{}'?", key, near);
}

bool is_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

}  // namespace

std::span<const Param> common_params() {
  return kCommon;
}

std::string written(const Param& param, int64_t value) {
  return param.type == Param::kNumber ? fmt::format("{}", value)
                                      : format_duration(static_cast<Nanos>(value));
}

Result<Params> Params::parse(std::string_view text, std::span<const Param> own) {
  std::vector<Param> known(own.begin(), own.end());
  known.insert(known.end(), std::begin(kCommon), std::end(kCommon));
  Params params;
  std::vector<std::string_view> seen;
  while (!text.empty()) {
    const std::string_view item = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), item.size() + 1));
    const size_t equals = item.find('=');
    if (equals == std::string_view::npos) {
      return fail(fmt::format("expected KEY=VALUE, got '{}'", item));
    }
    const std::string_view key = item.substr(0, equals);
    if (std::find(seen.begin(), seen.end(), key) != seen.end()) {
      return fail(fmt::format("key '{}': given twice", key));
    }
    seen.push_back(key);
    const Status set = params.set(key, item.substr(equals + 1), known);
    if (!set) return tl::unexpected(set.error());
  }
  for (const Param& param : known) params.values_.try_emplace(param.key, param.value);
  return params;
}

Status Params::set(std::string_view key, std::string_view text, const std::vector<Param>& known) {
  if (key == kName) {
    if (!is_name(text)) {
      return fail(fmt::format("key 'name': expected letters, digits, '_', '-', got '{}'", text));
    }
    name_ = text;
    return {};
  }
  const auto param = std::find_if(known.begin(), known.end(),
                                  [&](const Param& candidate) { return candidate.key == key; });
  if (param == known.end()) return fail(unknown_key(key, known));
  const std::optional<int64_t> value = parse_value(*param, text);
  if (!value || *value < param->least || *value > param->most) {
    return fail(fmt::format("key '{}': {}, got '{}'", key, expected(*param), text));
  }
  values_.emplace(key, *value);
  return {};
}

}  // namespace quanta::workload
