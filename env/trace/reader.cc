#include "env/trace/reader.h"

#include <fmt/format.h>
#include <zstd.h>

#include <boost/crc.hpp>
#include <filesystem>
#include <fstream>

#include "env/trace/format.h"
#include "env/trace/validate.h"
#include "env/trace/varint.h"

namespace quanta {
namespace {

using namespace trace_format;

// Caps shared by all tasks of one file.
struct Budget {
  uint64_t names = kMaxNames;
  uint64_t ops = kMaxOps;
};

// A count of things that take at least one byte each.
Result<uint64_t> read_count(ByteReader& in, uint64_t most, const char* what) {
  const uint64_t count = in.varint();
  if (!in.ok() || count > in.left()) return fail(fmt::format("{}: cut short", what));
  if (count > most) return fail(fmt::format("{}: expected at most {}, got {}", what, most, count));
  return count;
}

Result<std::vector<std::string>> read_names(ByteReader& in) {
  const Result<uint64_t> count = read_count(in, kMaxNames, "names");
  if (!count) return tl::unexpected(count.error());
  std::vector<std::string> names;
  names.reserve(*count);
  for (uint64_t i = 0; i < *count; ++i) {
    const uint64_t length = in.varint();
    if (length > kMaxNameLength) return fail(fmt::format("name {}: longer than 15 bytes", i));
    names.emplace_back(in.take(length));
  }
  return names;
}

Status read_task(ByteReader& in, const std::vector<std::string>& names, Budget& budget,
                 TraceTask& task) {
  const uint64_t flags = in.varint();
  if (flags > (kTaskKernelThread | kTaskForked)) return fail("unknown flags");
  task.kernel_thread = (flags & kTaskKernelThread) != 0;
  task.forked = (flags & kTaskForked) != 0;
  const uint64_t process = in.varint();
  const int64_t nice = unzigzag(in.varint());
  const uint64_t uid = in.varint();
  if (process > UINT32_MAX || nice < -20 || nice > 19 || uid > UINT32_MAX)
    return fail("process, nice or uid out of range");
  task.process = static_cast<uint32_t>(process);
  task.nice = static_cast<int32_t>(nice);
  task.uid = static_cast<uint32_t>(uid);
  task.cgroup = in.fixed(8);
  task.start = in.varint();

  const Result<uint64_t> name_count = read_count(in, budget.names, "names");
  if (!name_count) return tl::unexpected(name_count.error());
  budget.names -= *name_count;
  task.names.reserve(*name_count);
  for (uint64_t i = 0; i < *name_count; ++i) {
    const uint64_t name = in.varint();
    if (name >= names.size()) return fail(fmt::format("name {} does not exist", name));
    task.names.push_back(names[name]);
  }

  const Result<uint64_t> op_count = read_count(in, budget.ops, "steps");
  if (!op_count) return tl::unexpected(op_count.error());
  budget.ops -= *op_count;
  task.ops.reserve(*op_count);
  for (uint64_t i = 0; i < *op_count; ++i) {
    const uint64_t word = in.varint();
    task.ops.push_back(
        {static_cast<TraceOpKind>(word & ((1U << kKindBits) - 1)), word >> kKindBits});
  }
  return in.ok() ? Status{} : fail("cut short");
}

Result<Trace> parse_content(std::string_view content) {
  ByteReader in(content);
  Trace trace;
  trace.duration = in.varint();
  const uint64_t cpus = in.varint();
  const uint64_t flags = in.varint();
  trace.lost_events = in.varint();
  if (!in.ok() || cpus > kMaxCpus || flags > kFileAnonymised)
    return fail("expected duration, CPUs, flags and lost events at the start");
  trace.cpus = static_cast<uint32_t>(cpus);
  trace.anonymised = (flags & kFileAnonymised) != 0;

  const Result<std::vector<std::string>> names = read_names(in);
  if (!names) return tl::unexpected(names.error());
  const Result<uint64_t> task_count = read_count(in, kMaxTasks, "tasks");
  if (!task_count) return tl::unexpected(task_count.error());
  trace.tasks.resize(*task_count);
  Budget budget;
  for (size_t i = 0; i < trace.tasks.size(); ++i)
    if (Status s = read_task(in, *names, budget, trace.tasks[i]); !s)
      return fail(fmt::format("task {}: {}", i, s.error().message));
  if (in.left() != 0) return fail(fmt::format("{} bytes too many", in.left()));
  if (Status s = validate(trace); !s) return tl::unexpected(s.error());
  return trace;
}

Result<std::string> decompress(std::string_view frame, uint64_t size) {
  // Exactly one frame that names its size: no skippable frames, no second frame.
  if (ZSTD_getFrameContentSize(frame.data(), frame.size()) != size ||
      ZSTD_findFrameCompressedSize(frame.data(), frame.size()) != frame.size())
    return fail("the compressed content is not one zstd frame of the stated size");
  std::string content(size, '\0');
  const size_t got = ZSTD_decompress(content.data(), content.size(), frame.data(), frame.size());
  if (ZSTD_isError(got)) return fail(ZSTD_getErrorName(got));
  if (got != size) return fail("the compressed content is shorter than stated");
  return content;
}

}  // namespace

Result<Trace> decode_trace(std::string_view bytes) {
  if (bytes.substr(0, kMagic.size()) != kMagic)
    return fail("not a Quanta trace (expected it to begin with 'QUANTATR')");
  if (bytes.size() < kHeaderSize) return fail("truncated in its header");
  ByteReader header(bytes.substr(kVersionAt, kHeaderSize - kVersionAt));
  const uint64_t version = header.fixed(4);
  const uint64_t crc = header.fixed(4);
  const uint64_t size = header.fixed(8);
  if (version != kVersion)
    return fail(fmt::format("trace version {}; this program reads version {}: record it again",
                            version, kVersion));
  boost::crc_32_type actual;
  actual.process_bytes(bytes.data() + kContentSizeAt, bytes.size() - kContentSizeAt);
  if (actual.checksum() != crc) return fail("corrupt or truncated: the checksum does not match");
  if (size > kMaxContent)
    return fail(fmt::format("expected at most {} bytes of content, got {}", kMaxContent, size));
  const Result<std::string> content = decompress(bytes.substr(kHeaderSize), size);
  if (!content) return tl::unexpected(content.error());
  return parse_content(*content);
}

Result<Trace> read_trace(const std::string& file) {
  std::error_code error;
  const uintmax_t size = std::filesystem::file_size(file, error);
  if (error) return fail(fmt::format("{}: cannot be read: {}", file, error.message()));
  if (size > kMaxFile)
    return fail(fmt::format("{}: expected at most {} bytes, got {}", file, kMaxFile, size));
  std::string bytes(size, '\0');
  std::ifstream in(file, std::ios::binary);
  if (!in.read(bytes.data(), static_cast<std::streamsize>(size)))
    return fail(fmt::format("{}: cannot be read: no permission, or it shrank meanwhile", file));
  Result<Trace> trace = decode_trace(bytes);
  if (!trace) return fail(fmt::format("{}: {}", file, trace.error().message));
  return trace;
}

}  // namespace quanta
