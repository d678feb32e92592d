// A YAML document as plain values, each with its line.
//
// The subset that settings need: one document; no aliases, no tags, no keys that are not plain
// text. What is outside it is an error, so memory and time are bounded by the text's size. Plain
// values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "env/base/result.h"

namespace quanta {

inline constexpr size_t kMaxYamlBytes = size_t{1} << 20;
inline constexpr size_t kMaxYamlDepth = 64;

struct YamlMember;

struct YamlNode {
  enum class Kind : uint8_t { kNull, kScalar, kSequence, kMapping };

  Kind kind = Kind::kNull;
  int line = 1;
  std::string scalar;               // kScalar
  std::vector<YamlNode> items;      // kSequence
  std::vector<YamlMember> members;  // kMapping, in file order; keys may repeat
};

struct YamlMember {
  std::string key;
  int line = 1;  // of the key
  YamlNode value;
};

// Parses at most kMaxYamlBytes of text; an empty text gives kNull. The error is one line that
// begins with "NAME:LINE:COLUMN: ".
Result<YamlNode> parse_yaml(const std::string& text, const std::string& name);

}  // namespace quanta
