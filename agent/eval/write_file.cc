#include "agent/eval/write_file.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace quanta {
namespace {

tl::unexpected<Error> unwritable(const std::string& file) {
  return fail(fmt::format("{}: cannot be written: {}", file, std::strerror(errno)));
}

}  // namespace

Status check_writable(const std::string& file) {
  if (file.empty()) return {};
  const std::filesystem::path directory = std::filesystem::path(file).parent_path();
  if (access(directory.empty() ? "." : directory.c_str(), W_OK) != 0) return unwritable(file);
  return {};
}

Status write_file(const std::string& file, std::string_view content) {
  std::ofstream out(file, std::ios::binary);
  out.write(content.data(), static_cast<std::streamsize>(content.size()));
  out.close();
  if (!out) return unwritable(file);
  return {};
}

}  // namespace quanta
