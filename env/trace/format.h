// Constants of the trace file, version 1; FORMAT.md gives it byte by byte. Sizes in bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "env/base/types.h"

namespace quanta::trace_format {

inline constexpr std::string_view kMagic{"QUANTATR", 8};
inline constexpr uint32_t kVersion = 1;

// magic, version (u32), CRC-32 of all that follows it (u32), content size (u64); then one zstd
// frame.
inline constexpr size_t kVersionAt = 8;
inline constexpr size_t kCrcAt = 12;
inline constexpr size_t kContentSizeAt = 16;
inline constexpr size_t kHeaderSize = 24;

// What a reader accepts: it never holds more than about 700 MB, whatever the file claims.
inline constexpr uint64_t kMaxContent = 128ULL << 20;
inline constexpr uint64_t kMaxFile = kMaxContent + (1ULL << 20);
inline constexpr uint32_t kMaxTasks = 1U << 18;
inline constexpr uint32_t kMaxNames = 1U << 20;
inline constexpr uint64_t kMaxOps = 1ULL << 25;
inline constexpr uint32_t kMaxCpus = 4096;
inline constexpr size_t kMaxNameLength = 15;
inline constexpr Nanos kMaxDuration = Nanos{7} * 24 * 3600 * kSecond;

// An op is one varint: value << kKindBits | kind.
inline constexpr unsigned kKindBits = 3;

inline constexpr uint64_t kFileAnonymised = 1;
inline constexpr uint64_t kTaskKernelThread = 1;
inline constexpr uint64_t kTaskForked = 2;

}  // namespace quanta::trace_format
