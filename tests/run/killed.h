// A `scx_quanta run` that is killed at any moment and started again with `--continue`.
#pragma once

#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "agent/checkpoint/store.h"
#include "agent/run/agent.h"
#include "tests/process.h"

namespace quanta {

// A line of `--stats`.
struct StatsLine {
  double time;       // s, of the environment
  uint64_t updates;  // of the learner, in this run and those that it continues
};

class RunningCommand : public Child {
 public:
  explicit RunningCommand(std::vector<std::string> arguments)
      : Child(with_program(std::move(arguments))) {}

  // Whole lines so far.
  std::vector<StatsLine> stats() const {
    std::istringstream in(out());
    std::vector<StatsLine> lines;
    for (std::string line; std::getline(in, line) && !in.eof();) {
      StatsLine read{};
      const size_t at = line.find("  updates ");
      if (at == std::string::npos || std::sscanf(line.c_str(), "t=%lf", &read.time) != 1) continue;
      read.updates = std::stoull(line.substr(at + 10));
      lines.push_back(read);
    }
    return lines;
  }

 private:
  static std::vector<std::string> with_program(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), kProgram);
    return arguments;
  }
};

// What must be on disk after these lines, each of which is printed before the checkpoint that is
// due at its time is written: so the last but one vouches for a checkpoint no older than `interval`
// (s) before it. No time of the machine's counts.
inline uint64_t updates_vouched_for(const std::vector<StatsLine>& lines, double interval) {
  if (lines.size() < 2) return 0;
  constexpr double kRounding = 0.05;
  const double saved = lines[lines.size() - 2].time - interval - kRounding;
  uint64_t updates = 0;
  for (const StatsLine& line : lines) {
    if (line.time <= saved) updates = line.updates;
  }
  return updates;
}

inline uint64_t updates_of(const Checkpoint& checkpoint) {
  const Result<Weights> weights = read_weights(checkpoint);
  EXPECT_TRUE(weights) << weights.error().message;
  return weights ? weights->version : 0;
}

// After a kill: each checkpoint is whole, and at most one file more than `keep` and the one that
// was being written are there.
inline void expect_whole(const std::string& directory, size_t keep) {
  size_t unfinished = 0;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    unfinished += entry.path().filename() == "unfinished" ? 1 : 0;
  }
  const std::vector<std::string> files = list_checkpoints(directory);
  for (const std::string& file : files) {
    const Result<Checkpoint> checkpoint = read_checkpoint(file);
    EXPECT_TRUE(checkpoint) << checkpoint.error().message;
  }
  EXPECT_LE(files.size(), keep + 1);
  const auto all = std::distance(std::filesystem::directory_iterator(directory), {});
  EXPECT_EQ(static_cast<size_t>(all), files.size() + unfinished);
}

// After an ordinary end.
inline void expect_tidy(const std::string& directory, size_t keep) {
  const auto all = std::distance(std::filesystem::directory_iterator(directory), {});
  EXPECT_EQ(list_checkpoints(directory).size(), keep);
  EXPECT_EQ(static_cast<size_t>(all), keep);
}

// All but when it was written; of the sections named, or of all.
inline void expect_same_state(const Checkpoint& got, const Checkpoint& expected,
                              std::vector<std::string> names = {}) {
  if (names.empty()) {
    for (const CheckpointSection& section : expected.sections) names.push_back(section.name);
    EXPECT_EQ(got.sections.size(), expected.sections.size());
  }
  EXPECT_EQ(got.layout, expected.layout);
  for (const std::string& name : names) {
    const std::string* one = got.find(name);
    const std::string* other = expected.find(name);
    ASSERT_TRUE(one != nullptr && other != nullptr) << name;
    EXPECT_TRUE(*one == *other) << "section " << name << " differs";
  }
}

}  // namespace quanta
