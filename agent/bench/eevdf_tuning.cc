#include "agent/bench/eevdf_tuning.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <cerrno>
#include <cstring>
#include <fstream>

namespace quanta {
namespace {

constexpr const char* kSlice = "1000000";  // ns
constexpr const char* kPreemption = "full";

// Its one line, or of a choice "none (voluntary) full" what is in force.
Result<std::string> value_in(const std::string& file) {
  std::ifstream in(file);
  std::string line;
  if (!std::getline(in, line)) {
    return fail(fmt::format("{} cannot be read: {}", file, std::strerror(errno)));
  }
  const size_t open = line.find('(');
  if (open == std::string::npos) return line;
  return line.substr(open + 1, line.find(')', open) - open - 1);
}

Status write_value(const std::string& file, const std::string& value) {
  std::ofstream out(file);
  out << value << std::flush;
  if (!out) return fail(fmt::format("{} cannot be written: {}", file, std::strerror(errno)));
  return {};
}

}  // namespace

Result<EevdfTuning> EevdfTuning::apply(const std::string& folder) {
  EevdfTuning tuning;
  Status set = tuning.set(folder + "/base_slice_ns", kSlice);
  if (set) set = tuning.set(folder + "/preempt", kPreemption);
  if (!set) return tl::unexpected(set.error());
  return tuning;
}

Status EevdfTuning::set(const std::string& file, const std::string& value) {
  const Result<std::string> former = value_in(file);
  if (!former) return tl::unexpected(former.error());
  if (Status s = write_value(file, value); !s) return s;
  former_.emplace_back(file, *former);
  return {};
}

EevdfTuning::~EevdfTuning() {
  for (const auto& [file, value] : former_) {
    if (Status s = write_value(file, value); !s) spdlog::error("{}", s.error().message);
  }
}

}  // namespace quanta
