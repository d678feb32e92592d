#include "env/live/ending.h"

#include <fmt/format.h>

#include <string>

namespace quanta {
namespace {

// enum scx_exit_kind and scx_exit_code of the kernel: part of its interface.
constexpr uint32_t kUnregistered = 64;
constexpr uint32_t kUnregisteredByKernel = 66;
constexpr uint32_t kSysRq = 67;
constexpr uint32_t kError = 1024;
constexpr uint32_t kStall = 1026;
constexpr int64_t kActionRestart = int64_t{1} << 48;
constexpr int64_t kReasonHotplug = int64_t{1} << 32;

}  // namespace

Ending describe_ending(const quanta_shared& shared) {
  const std::string reason(shared.exit_reason);
  const std::string message(shared.exit_message);
  const std::string words = message.empty() ? reason : fmt::format("{}: {}", reason, message);
  const uint32_t kind = shared.exit_kind;
  if ((shared.exit_code & kActionRestart) != 0) {
    const bool hotplug = (shared.exit_code & kReasonHotplug) != 0;
    return {.line = fmt::format("live: {}: starting again", hotplug ? "CPUs came or went" : words),
            .exit_code = 0,
            .restart = true};
  }
  if (kind == kSysRq) {
    return {.line = "live: ended by SysRq-S; the kernel's own scheduler runs",
            .exit_code = kExitSysRq};
  }
  if (kind == kStall) {
    return {.line = fmt::format("live: the kernel's watchdog ended it: {}", words),
            .exit_code = kExitStalled};
  }
  if (kind >= kError) {
    return {.line = fmt::format("live: the kernel ended it: {}", words),
            .exit_code = kExitKernelError};
  }
  if (kind >= kUnregistered && kind <= kUnregisteredByKernel) {
    return {.line = fmt::format("live: unloaded ({})", words), .exit_code = 0};
  }
  return {.line = fmt::format("live: ended ({}, kind {})", words, kind),
          .exit_code = kExitKernelError};
}

}  // namespace quanta
