#include <fmt/format.h>
#include <zstd.h>

#include "agent/checkpoint/checkpoint.h"
#include "agent/checkpoint/format.h"
#include "env/trace/varint.h"

namespace quanta {

using namespace checkpoint_format;

namespace {

struct Header {
  Checkpoint checkpoint;
  uint64_t sections = 0;
};

Result<Header> decode_header(std::string_view bytes) {
  if (!bytes.starts_with(kMagic)) return fail("not a checkpoint of Quanta");
  if (bytes.size() < kHeader) return fail("truncated: the header is incomplete");
  ByteReader reader(bytes.substr(kMagic.size()));
  const uint64_t version = reader.fixed(4);
  if (version != kVersion) {
    return fail(fmt::format("of format version {}, expected {}", version, kVersion));
  }
  Header header;
  header.sections = reader.fixed(4);
  header.checkpoint.layout = reader.fixed(8);
  header.checkpoint.written = reader.fixed(8);
  const uint64_t body = reader.fixed(8);
  if (reader.fixed(4) != crc32(bytes.substr(0, kHeader - 4))) {
    return fail("corrupt: the header's checksum is wrong");
  }
  if (reader.left() < body) {
    return fail(fmt::format("truncated: {} of {} bytes are missing", body - reader.left(), body));
  }
  if (reader.left() > body) return fail("corrupt: something follows its end");
  if (header.sections > kMaxSections) {
    return fail(fmt::format("expected at most {} sections", kMaxSections));
  }
  return header;
}

Result<std::string> decompress(std::string_view frame, uint64_t size) {
  if (ZSTD_getFrameContentSize(frame.data(), frame.size()) != size) {
    return fail("its compressed size is wrong");
  }
  std::string content(size, '\0');
  if (ZSTD_decompress(content.data(), size, frame.data(), frame.size()) != size) {
    return fail("it cannot be decompressed");
  }
  return content;
}

// `room`: bytes of content that the caps still allow.
Result<CheckpointSection> decode_section(ByteReader& reader, uint64_t& room) {
  const std::string_view header = reader.take(kSectionHeader);
  ByteReader fields(header);
  const std::string_view padded = fields.take(kName);
  const std::string_view name = padded.substr(0, padded.find('\0'));
  const uint64_t size = fields.fixed(8);
  const uint64_t stored = fields.fixed(8);
  const uint64_t sum = fields.fixed(4);
  if (!reader.ok() || stored > reader.left()) return fail("corrupt: a section is incomplete");
  const std::string_view frame = reader.take(stored);
  if (sum != crc32(header.substr(0, kSectionHeader - 4), frame)) {
    return fail("corrupt: a section's checksum is wrong");
  }
  if (!valid_name(name)) return fail("corrupt: a section has no proper name");
  if (size > room) return fail(fmt::format("expected at most {} bytes", kMaxContent));
  room -= size;
  Result<std::string> content = decompress(frame, size);
  if (!content) {
    return fail(fmt::format("corrupt: section '{}': {}", name, content.error().message));
  }
  return CheckpointSection{std::string(name), *std::move(content)};
}

}  // namespace

Result<Checkpoint> decode_checkpoint(std::string_view bytes) {
  Result<Header> header = decode_header(bytes);
  if (!header) return tl::unexpected(header.error());
  Checkpoint checkpoint = std::move(header->checkpoint);
  ByteReader reader(bytes.substr(kHeader));
  uint64_t room = kMaxContent;
  for (uint64_t i = 0; i < header->sections; ++i) {
    Result<CheckpointSection> section = decode_section(reader, room);
    if (!section) return tl::unexpected(section.error());
    if (checkpoint.find(section->name) != nullptr) return fail("corrupt: a section comes twice");
    checkpoint.sections.push_back(*std::move(section));
  }
  if (reader.left() > 0) return fail("corrupt: something follows the last section");
  return checkpoint;
}

}  // namespace quanta
