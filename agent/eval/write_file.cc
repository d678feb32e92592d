#include "agent/eval/write_file.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>

namespace quanta {

Status write_file(const std::string& file, std::string_view content) {
  std::ofstream out(file, std::ios::binary);
  out.write(content.data(), static_cast<std::streamsize>(content.size()));
  out.close();
  if (!out) return fail(fmt::format("{}: cannot be written: {}", file, std::strerror(errno)));
  return {};
}

}  // namespace quanta
