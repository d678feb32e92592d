#include <fmt/format.h>
#include <zstd.h>

#include "agent/checkpoint/checkpoint.h"
#include "agent/checkpoint/format.h"
#include "env/trace/varint.h"

namespace quanta {

using namespace checkpoint_format;

namespace {

constexpr int kLevel = 1;  // state is large and changes: speed matters more than the last percent

Status check(const Checkpoint& checkpoint) {
  if (checkpoint.sections.size() > kMaxSections) {
    return fail(fmt::format("expected at most {} sections", kMaxSections));
  }
  size_t total = 0;
  for (const CheckpointSection& section : checkpoint.sections) {
    const std::string& name = section.name;
    if (!valid_name(name)) {
      return fail(fmt::format("expected section names of 1 to {} small letters", kName - 1));
    }
    if (checkpoint.find(name) != &section.content) return fail("two sections named " + name);
    total += section.content.size();
  }
  if (total > kMaxContent) return fail(fmt::format("expected at most {} bytes", kMaxContent));
  return {};
}

Result<std::string> compress(const std::string& content) {
  std::string frame(ZSTD_compressBound(content.size()), '\0');
  const size_t size =
      ZSTD_compress(frame.data(), frame.size(), content.data(), content.size(), kLevel);
  if (ZSTD_isError(size)) return fail(ZSTD_getErrorName(size));
  frame.resize(size);
  return frame;
}

}  // namespace

const std::string* Checkpoint::find(std::string_view name) const {
  for (const CheckpointSection& section : sections) {
    if (section.name == name) return &section.content;
  }
  return nullptr;
}

Result<std::string> encode_checkpoint(const Checkpoint& checkpoint) {
  if (Status s = check(checkpoint); !s) return tl::unexpected(s.error());
  std::string body;
  for (const CheckpointSection& section : checkpoint.sections) {
    const Result<std::string> frame = compress(section.content);
    if (!frame) return frame;
    std::string header = section.name;
    header.resize(kName);
    put_fixed(header, section.content.size(), 8);
    put_fixed(header, frame->size(), 8);
    put_fixed(header, crc32(header, *frame), 4);
    body += header;
    body += *frame;
  }
  std::string out{kMagic};
  put_fixed(out, kVersion, 4);
  put_fixed(out, checkpoint.sections.size(), 4);
  put_fixed(out, checkpoint.layout, 8);
  put_fixed(out, checkpoint.written, 8);
  put_fixed(out, body.size(), 8);
  put_fixed(out, crc32(out), 4);
  return out + body;
}

}  // namespace quanta
