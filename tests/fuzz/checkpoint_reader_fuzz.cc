// Any bytes as a checkpoint file: no crash, bounded memory, one line for what is wrong; what is
// accepted is written again to the same checkpoint.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "agent/checkpoint/checkpoint.h"
#include "agent/checkpoint/format.h"
#include "env/trace/varint.h"

namespace quanta {
namespace {

using namespace checkpoint_format;

void check(std::string_view bytes) {
  const Result<Checkpoint> checkpoint = decode_checkpoint(bytes);
  if (!checkpoint) {
    if (checkpoint.error().message.find('\n') != std::string::npos) std::abort();
    return;
  }
  const Result<std::string> again = encode_checkpoint(*checkpoint);
  if (!again) std::abort();
  const Result<Checkpoint> same = decode_checkpoint(*again);
  if (!same || *same != *checkpoint) std::abort();
}

// The same bytes behind right checksums, so that what the checksums guard is reached: a header for
// `sections`, and one section's header and frame made of `data`.
std::string wrap(std::string_view data) {
  ByteReader reader(data);
  std::string section(reader.take(kSectionHeader - 4));
  section.resize(kSectionHeader - 4);
  const std::string_view frame = reader.take(reader.left());
  put_fixed(section, crc32(section, frame), 4);
  section += frame;
  std::string file{kMagic};
  put_fixed(file, kVersion, 4);
  put_fixed(file, 1, 4);
  put_fixed(file, 0, 8);
  put_fixed(file, 0, 8);
  put_fixed(file, section.size(), 8);
  put_fixed(file, crc32(file), 4);
  return file + section;
}

}  // namespace
}  // namespace quanta

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  quanta::check(bytes);
  quanta::check(quanta::wrap(bytes));
  return 0;
}
