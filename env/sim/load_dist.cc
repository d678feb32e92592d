#include "env/sim/load_dist.h"

#include <charconv>
#include <span>
#include <sstream>
#include <string>
#include <vector>

#include "agent/config/duration.h"

namespace quanta {
namespace {

constexpr Nanos kLeast = kMicrosecond;
constexpr Nanos kMost = 3600 * kSecond;
constexpr float kMaxSigma = 3;

struct Shape {
  std::string_view name;
  size_t durations;
  size_t numbers;  // after the durations
  float most;      // of the number
  Dist::Kind kind;
};
constexpr Shape kShapes[] = {{"constant", 1, 0, 0, Dist::kConstant},
                             {"exponential", 1, 0, 0, Dist::kExponential},
                             {"uniform", 2, 0, 0, Dist::kUniform},
                             {"lognormal", 1, 1, kMaxSigma, Dist::kLogNormal},
                             {"bimodal", 2, 1, 1, Dist::kBimodal}};

std::vector<std::string> words_of(std::string_view text) {
  std::istringstream in{std::string(text)};
  std::vector<std::string> words;
  for (std::string word; words.size() < 6 && in >> word;) words.push_back(word);
  return words;
}

std::optional<float> duration_of(const std::string& word) {
  const std::optional<Nanos> value = parse_duration(word);
  if (!value || *value < kLeast || *value > kMost) return std::nullopt;
  return static_cast<float>(*value);
}

std::optional<float> number_of(const std::string& word, float most) {
  float value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc() || end != word.data() + word.size()) return std::nullopt;
  if (!(value >= 0 && value <= most)) return std::nullopt;
  return value;
}

std::optional<Dist> fill(const Shape& shape, std::span<const std::string> words) {
  if (words.size() != shape.durations + shape.numbers) return std::nullopt;
  Dist dist{.kind = shape.kind};
  float* const parameters[] = {&dist.a, &dist.b, &dist.p};
  // The number of a lognormal is its b, that of a bimodal its p: each comes after the durations.
  for (size_t i = 0; i < words.size(); ++i) {
    const std::optional<float> value =
        i < shape.durations ? duration_of(words[i]) : number_of(words[i], shape.most);
    if (!value) return std::nullopt;
    *parameters[i] = *value;
  }
  if (dist.kind == Dist::kUniform && dist.a > dist.b) return std::nullopt;
  return dist;
}

}  // namespace

std::optional<Dist> parse_dist(std::string_view text) {
  std::vector<std::string> words = words_of(text);
  if (words.size() == 1) words.insert(words.begin(), "constant");
  for (const Shape& shape : kShapes) {
    if (!words.empty() && words[0] == shape.name) return fill(shape, std::span(words).subspan(1));
  }
  return std::nullopt;
}

void read_dist(Section& section, std::string_view key, Dist& dist) {
  if (!section.has(key)) return;
  std::string text;
  section.text(key, text);
  if (const std::optional<Dist> read = parse_dist(text)) {
    dist = *read;
  } else {
    section.complain(key,
                     "expected durations from 1us to 1h as '2ms', 'exponential MEAN', 'uniform "
                     "LEAST MOST', 'lognormal MEDIAN SIGMA' (sigma up to 3) or 'bimodal FIRST "
                     "SECOND SHARE' (share of the second, up to 1)");
  }
}

void require_dist(Section& section, std::string_view key, Dist& dist) {
  section.require(key);
  read_dist(section, key, dist);
}

}  // namespace quanta
