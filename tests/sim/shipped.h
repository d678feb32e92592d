// The workloads that Quanta ships, by name.
#pragma once

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "env/sim/load_file.h"

namespace quanta {

inline std::vector<std::string> shipped_workloads() {
  std::vector<std::string> names;
  for (const auto& entry :
       std::filesystem::directory_iterator(QUANTA_SOURCE_DIR "/configs/workloads")) {
    if (entry.path().extension() == ".yaml") names.push_back(entry.path().stem());
  }
  std::sort(names.begin(), names.end());
  return names;
}

inline Load shipped(const std::string& name) {
  Result<Load> load = read_load(QUANTA_SOURCE_DIR "/configs/workloads/" + name + ".yaml");
  if (!load) throw std::runtime_error(load.error().message);
  return *std::move(load);
}

}  // namespace quanta
