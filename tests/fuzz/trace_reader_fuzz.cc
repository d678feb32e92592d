// Any bytes as a trace file, and any content behind a right checksum: no crash, bounded memory, and
// what is accepted is written again to the same trace.
#include <fmt/format.h>
#include <zstd.h>

#include <boost/crc.hpp>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "env/trace/format.h"
#include "env/trace/reader.h"
#include "env/trace/summary.h"
#include "env/trace/varint.h"
#include "env/trace/writer.h"

namespace quanta {
namespace {

using namespace trace_format;

std::string wrap(std::string_view content) {
  std::string checked;
  put_fixed(checked, content.size(), 8);
  std::string frame(ZSTD_compressBound(content.size()), '\0');
  frame.resize(ZSTD_compress(frame.data(), frame.size(), content.data(), content.size(), 1));
  checked += frame;
  boost::crc_32_type crc;
  crc.process_bytes(checked.data(), checked.size());
  std::string file{kMagic};
  put_fixed(file, kVersion, 4);
  put_fixed(file, crc.checksum(), 4);
  return file + checked;
}

void check(std::string_view file) {
  const Result<Trace> trace = decode_trace(file);
  if (!trace) {
    if (trace.error().message.find('\n') != std::string::npos) std::abort();
    return;
  }
  const Result<std::string> bytes = encode_trace(*trace);
  if (!bytes) std::abort();
  const Result<Trace> again = decode_trace(*bytes);
  if (!again || summarise(*again) != summarise(*trace)) std::abort();
}

}  // namespace
}  // namespace quanta

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  quanta::check(bytes);
  quanta::check(quanta::wrap(bytes));
  return 0;
}
