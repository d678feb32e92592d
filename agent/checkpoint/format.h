// The numbers of the checkpoint format (checkpoints/FORMAT.md), shared by writer and reader.
#pragma once

#include <boost/crc.hpp>
#include <cstdint>
#include <string_view>

namespace quanta::checkpoint_format {

inline constexpr std::string_view kMagic = "QUANTACK";
inline constexpr uint32_t kVersion = 1;
inline constexpr size_t kHeader = 44;         // bytes
inline constexpr size_t kSectionHeader = 36;  // bytes
inline constexpr size_t kName = 16;           // bytes, NUL-padded

inline constexpr size_t kMaxSections = 16;
inline constexpr size_t kMaxContent = size_t{512} << 20;  // bytes, all sections, decompressed

// Lower-case letters and '_', so that messages may name a section.
inline bool valid_name(std::string_view name) {
  return !name.empty() && name.size() < kName &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string_view::npos;
}

// CRC-32 (ISO-HDLC), as in trace files and zip, of `first` and then `second`.
inline uint32_t crc32(std::string_view first, std::string_view second = {}) {
  boost::crc_32_type crc;
  crc.process_bytes(first.data(), first.size());
  crc.process_bytes(second.data(), second.size());
  return crc.checksum();
}

}  // namespace quanta::checkpoint_format
