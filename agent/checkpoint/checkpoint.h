// A checkpoint: named sections of bytes, and the file format that keeps them
// (checkpoints/FORMAT.md).
//
// What the sections mean is the business of who fills them. Plain values; cold path only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "env/base/result.h"

namespace quanta {

struct CheckpointSection {
  std::string name;  // 1 to 15 small letters and '_', each name once
  std::string content;
  bool operator==(const CheckpointSection&) const = default;
};

struct Checkpoint {
  uint64_t layout = 0;   // of the state in the sections; another one cannot be read
  uint64_t written = 0;  // seconds since 1970
  std::vector<CheckpointSection> sections;

  void add(std::string name, std::string content) {
    sections.push_back({std::move(name), std::move(content)});
  }
  // Null: there is none of that name.
  const std::string* find(std::string_view name) const;
  bool operator==(const Checkpoint&) const = default;
};

// The file's bytes. Refuses what is over the format's caps.
Result<std::string> encode_checkpoint(const Checkpoint& checkpoint);

// Takes any bytes: what is corrupt, truncated, of another version or over the caps comes back as
// one line, with memory bounded by the caps (format.h). The error does not name the file.
Result<Checkpoint> decode_checkpoint(std::string_view bytes);

}  // namespace quanta
