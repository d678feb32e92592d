#include "agent/config/duration.h"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <charconv>

namespace quanta {
namespace {

struct Unit {
  std::string_view name;
  Nanos nanos;
};

constexpr std::array<Unit, 4> kPrinted{
    {{"s", kSecond}, {"ms", kMillisecond}, {"us", kMicrosecond}, {"ns", 1}}};
constexpr std::array<Unit, 7> kRead{{{"ns", 1},
                                     {"us", kMicrosecond},
                                     {"µs", kMicrosecond},
                                     {"ms", kMillisecond},
                                     {"s", kSecond},
                                     {"min", 60 * kSecond},
                                     {"h", 3600 * kSecond}}};

std::string_view take_digits(std::string_view& text) {
  const size_t n = std::min(text.find_first_not_of("0123456789"), text.size());
  const std::string_view digits = text.substr(0, n);
  text.remove_prefix(n);
  return digits;
}

std::optional<Nanos> to_integer(std::string_view digits) {
  Nanos value = 0;
  if (std::from_chars(digits.begin(), digits.end(), value).ec != std::errc()) return std::nullopt;
  return value;
}

// 0.DIGITS of a unit, where that is a whole number of nanoseconds.
std::optional<Nanos> fraction_of(std::string_view digits, Nanos unit) {
  Nanos sum = 0;
  for (const char digit : digits) {
    if (digit != '0' && (unit == 0 || unit % 10 != 0)) return std::nullopt;
    unit /= 10;
    sum += static_cast<Nanos>(digit - '0') * unit;
  }
  return sum;
}

}  // namespace

std::optional<Nanos> parse_duration(std::string_view text) {
  const std::optional<Nanos> whole = to_integer(take_digits(text));
  if (!whole) return std::nullopt;
  std::string_view fraction;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    fraction = take_digits(text);
    if (fraction.empty()) return std::nullopt;
  }
  for (const Unit& unit : kRead) {
    if (text != unit.name) continue;
    const std::optional<Nanos> rest = fraction_of(fraction, unit.nanos);
    Nanos value = 0;
    if (!rest || __builtin_mul_overflow(*whole, unit.nanos, &value)) return std::nullopt;
    if (__builtin_add_overflow(value, *rest, &value)) return std::nullopt;
    return value;
  }
  return std::nullopt;
}

std::string format_duration(Nanos value) {
  for (const Unit& unit : kPrinted) {
    if (value < unit.nanos) continue;
    std::string digits = fmt::format("{}", value / unit.nanos);
    if (const Nanos rest = value % unit.nanos; rest > 0) {
      // unit + rest prints as "1FRACTION", with the fraction's leading zeros kept.
      digits += '.' + fmt::format("{}", unit.nanos + rest).substr(1);
      digits.erase(digits.find_last_not_of('0') + 1);
    }
    return digits.append(unit.name);
  }
  return "0ns";
}

}  // namespace quanta
