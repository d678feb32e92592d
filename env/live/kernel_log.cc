#include "env/live/kernel_log.h"

#include <bpf/libbpf.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <cstdarg>
#include <cstdio>
#include <string>

namespace quanta {
namespace {

std::string& last_warning() {
  static std::string line;
  return line;
}

int keep(libbpf_print_level level, const char* format, va_list arguments) {
  char text[4096];
  std::vsnprintf(text, sizeof(text), format, arguments);
  std::string line(text);
  while (!line.empty() && line.back() == '\n') line.pop_back();
  if (level == LIBBPF_WARN && last_warning().empty()) last_warning() = line.substr(0, 400);
  spdlog::debug("{}", line);
  return 0;
}

}  // namespace

void collect_kernel_log() {
  last_warning().clear();
  libbpf_set_print(keep);
}

std::string kernel_log_hint() {
  const std::string& line = last_warning();
  return line.empty() ? "" : fmt::format(" ({})", line.substr(0, line.find('\n')));
}

}  // namespace quanta
