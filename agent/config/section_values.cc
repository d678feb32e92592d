#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

#include "agent/config/duration.h"
#include "agent/config/section_impl.h"

namespace quanta {
namespace {

using Kind = YamlNode::Kind;

constexpr std::string_view kAnyText = "text";

// " between 0 and 1", or the half of it that says something.
template <class T, class Print>
std::string range(T min, T max, Print print) {
  const bool low = min > std::numeric_limits<T>::lowest();
  const bool high = max < std::numeric_limits<T>::max();
  if (high && (low || std::is_unsigned_v<T>)) {
    return fmt::format(" between {} and {}", print(min), print(max));
  }
  if (high) return fmt::format(" of at most {}", print(max));
  if (low) return fmt::format(" of at least {}", print(min));
  return {};
}

// The whole of `node` as a number within [min, max].
template <class T>
std::optional<T> to_number(const YamlNode& node, T min, T max) {
  T value{};
  const char* end = node.scalar.data() + node.scalar.size();
  const auto [stop, error] = std::from_chars(node.scalar.data(), end, value);
  if (node.kind != Kind::kScalar || error != std::errc() || stop != end) return std::nullopt;
  if (!(value >= min && value <= max)) return std::nullopt;
  return value;
}

}  // namespace

void Section::number(std::string_view key, double& value, double min, double max) {
  const YamlMember* member = impl_->find(key);
  if (member == nullptr) return;
  const std::optional<double> read = to_number(member->value, min, max);
  if (read && std::isfinite(*read)) {
    value = *read;
  } else {
    const auto print = [](double v) { return fmt::format("{}", v); };
    impl_->wrong(*member, "a number" + range(min, max, print));
  }
}

void Section::integer(std::string_view key, int64_t& value, int64_t min, int64_t max) {
  const YamlMember* member = impl_->find(key);
  if (member == nullptr) return;
  if (const std::optional<int64_t> read = to_number(member->value, min, max)) {
    value = *read;
  } else {
    const auto print = [](int64_t v) { return fmt::format("{}", v); };
    impl_->wrong(*member, "an integer" + range(min, max, print));
  }
}

void Section::duration(std::string_view key, Nanos& value, Nanos min, Nanos max) {
  const YamlMember* member = impl_->find(key);
  if (member == nullptr) return;
  const std::optional<Nanos> read = parse_duration(member->value.scalar);
  if (read && *read >= min && *read <= max) {
    value = *read;
  } else {
    impl_->wrong(*member, "a duration" + range(min, max, format_duration));
  }
}

void Section::boolean(std::string_view key, bool& value) {
  const YamlMember* member = impl_->find(key);
  if (member == nullptr) return;
  if (member->value.scalar == "true" || member->value.scalar == "false") {
    value = member->value.scalar == "true";
  } else {
    impl_->wrong(*member, "true or false");
  }
}

void Section::text(std::string_view key, std::string& value) {
  const YamlMember* member = impl_->find(key);
  if (member == nullptr) return;
  if (member->value.kind == Kind::kScalar) {
    value = member->value.scalar;
  } else {
    impl_->wrong(*member, kAnyText);
  }
}

void Section::integers(std::string_view key, std::vector<int64_t>& value, int64_t min,
                       int64_t max) {
  std::vector<int64_t> read;
  const auto print = [](int64_t v) { return fmt::format("{}", v); };
  const std::string expected = "an integer" + range(min, max, print);
  impl_->elements(key, "a list", [&](const YamlNode& element, const std::string& path) {
    const std::optional<int64_t> number = to_number(element, min, max);
    if (!number) return impl_->wrong(path, element.line, element, expected);
    read.push_back(*number);
  });
  if (has(key)) value = std::move(read);
}

void Section::texts(std::string_view key, std::vector<std::string>& value) {
  std::vector<std::string> read;
  impl_->elements(key, "a list", [&](const YamlNode& element, const std::string& path) {
    if (element.kind != Kind::kScalar) return impl_->wrong(path, element.line, element, kAnyText);
    read.push_back(element.scalar);
  });
  if (has(key)) value = std::move(read);
}

void Section::choice(std::string_view key, int& value, std::span<const Choice> choices) {
  const YamlMember* member = impl_->find(key);
  if (member == nullptr) return;
  std::vector<std::string> names;
  for (const Choice& choice : choices) {
    names.emplace_back(choice.name);
    if (member->value.kind == Kind::kScalar && member->value.scalar == choice.name) {
      value = choice.value;
      return;
    }
  }
  impl_->wrong(*member, fmt::format("one of {}", fmt::join(names, ", ")),
               did_you_mean(member->value.scalar, names));
}

}  // namespace quanta
